"""What the staff area works with below its pages: drafts and their queue, pages of the portal, withdrawal."""
