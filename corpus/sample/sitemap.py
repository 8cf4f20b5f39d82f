"""What do robots.txt, sitemap.xml and the site TOML say of a portal that runs at a given address?"""

from __future__ import annotations

import gzip
from urllib.parse import urlsplit

from corpus.sample.columns import placements, site_map
from corpus.sample.listings import API_PATH, scripted_only
from corpus.sample.pages import render
from corpus.sample.resources import Resource

ROBOTS = "/robots.txt"
SITEMAP = "/sitemap.xml"
ARTICLES_SITEMAP = "/sitemaps/articles.xml.gz"
COLUMNS_SITEMAP = "/sitemaps/columns.xml"


def address_pages(base: str) -> dict[str, Resource]:
    """The pages that write absolute URLs; ``base`` is the portal's address without a trailing slash."""
    shown = [p for p in placements() if p.path not in scripted_only()]
    newest = max(placement.article.published_at for placement in shown)
    robots = render("robots.txt", base=base, sitemap=SITEMAP)
    index = render("sitemap_index.xml", base=base, children=(COLUMNS_SITEMAP, ARTICLES_SITEMAP), newest=newest)
    columns = [(column.list_page(0, 1), None) for column in site_map().columns]
    documents = [(placement.path, placement.article.published_at) for placement in shown]
    return {
        ROBOTS: Resource(robots.encode(), "text/plain; charset=utf-8"),
        SITEMAP: Resource(index.encode(), "application/xml", modified=newest),
        COLUMNS_SITEMAP: Resource(render("sitemap.xml", base=base, urls=columns).encode(), "application/xml"),
        ARTICLES_SITEMAP: Resource(
            gzip.compress(render("sitemap.xml", base=base, urls=documents).encode(), mtime=0),
            "application/gzip",
            modified=newest,
        ),
    }


def site_toml(base: str, site_id: str) -> str:
    """The site description with which `gongkai crawl` reads the portal at ``base``."""
    sites = site_map()
    return render(
        "site.toml",
        base=base,
        host=urlsplit(base).netloc,
        site_id=site_id,
        columns=sites.columns,
        scripted=[column for column in sites.columns if column.category],
        api=API_PATH,
    )
