"""A Whoosh index whose segments are arrays: written in bulk, mapped into memory, asked with numpy."""
