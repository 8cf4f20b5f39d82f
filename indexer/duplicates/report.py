"""What of everything published says the same? Clusters over the corpus, and catalog items told differently."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.models import CatalogEntry, Document
from corpus.store import DocumentStore
from corpus.stored import StoredDocument
from indexer.duplicates.checker import Sides, match
from indexer.duplicates.model import Cluster, ClusterMember, Verdict
from indexer.duplicates.pairs import find_pairs
from indexer.duplicates.shingles import Hashes
from indexer.duplicates.signature_file import SignatureFile, write_signatures
from indexer.duplicates.signing import item_text, text_keys
from indexer.duplicates.verdicts import Thresholds
from indexer.mapping import date_of, searchable_text

# So many pairs are compared at a time; their documents, at most twice as many, are in memory together.
_AT_ONCE = 500

_ORDER = {verdict: place for place, verdict in enumerate(Verdict)}
_JOINING = (Verdict.SAME_FILE, Verdict.SAME_TEXT, Verdict.REPOST, Verdict.NEAR_DUPLICATE)

Progress = Callable[[int, int], None]  # pairs compared, pairs in all


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found in so many live ``documents``; the largest clusters of the strongest verdict first."""

    documents: int
    clusters: tuple[Cluster, ...]

    @property
    def could_go(self) -> int:
        """How many documents say nothing that another does not; one in two clusters counts once."""
        gone = {member.document_id for cluster in self.clusters if cluster.could_go for member in cluster.members[1:]}
        return len(gone)

    def by_verdict(self) -> dict[Verdict, int]:
        """How many clusters of each verdict."""
        counts = Counter(cluster.verdict for cluster in self.clusters)
        return {verdict: counts[verdict] for verdict in Verdict if counts[verdict]}

    def by_issuer(self) -> dict[str, int]:
        """In how many clusters each issuer has a document, most first."""
        return _counted(member.issuers for cluster in self.clusters for member in cluster.members)

    def by_column(self) -> dict[str, int]:
        """In how many places of clusters each column (栏目) has a document, most first."""
        return _counted((member.column,) for cluster in self.clusters for member in cluster.members)


def report(store: DocumentStore, limits: Thresholds | None = None, on_progress: Progress = lambda *_: None) -> Report:
    """Compare everything live with everything. Memory holds the signatures and some hundred documents at a time.

    Documents that are the same file or text, contain each other or are nearly the same are one cluster, named by its
    weakest link; the versions of one document are another. Documents of one template are none.
    """
    limits = limits or Thresholds()
    items = _Items()
    with TemporaryDirectory(prefix="gongkai-duplicates-") as folder:
        path = Path(folder) / "signatures.gk"
        count = write_signatures(path, items.watching(store.live_documents()))
        file = SignatureFile(path)
        links = list(_links(store, file, limits, on_progress))
        same = _Groups([link for link in links if link.verdict in _JOINING])
        versions = _Groups([link for link in links if link.verdict not in _JOINING], (Verdict.NEW_VERSION,))
        clusters = [*_clusters(store, same), *_clusters(store, versions), *items.clusters(store)]
    clusters.sort(key=lambda cluster: (_ORDER[cluster.verdict], -len(cluster.members), cluster.members[0].document_id))
    return Report(documents=count, clusters=tuple(clusters))


@dataclass(frozen=True, slots=True)
class _Link:
    """Two documents, the verdict on them, and how alike they are."""

    one: str
    other: str
    verdict: Verdict
    similarity: float


def _links(store: DocumentStore, file: SignatureFile, limits: Thresholds, on_progress: Progress) -> Iterator[_Link]:
    pairs = find_pairs(file)
    frequent: Hashes = file.boilerplate
    for start in range(0, len(pairs), _AT_ONCE):
        some = pairs[start : start + _AT_ONCE].tolist()
        names = {row: file.id(row) for pair in some for row in pair}
        sides = {
            stored.document.id: Sides(stored.document, frequent, stored.original.sha256 if stored.original else "")
            for stored in store.documents(list(names.values()))
            if stored.state == "live"
        }
        for one, other in some:
            first, second = sides.get(names[one]), sides.get(names[other])
            if first is None or second is None:  # withdrawn meanwhile
                continue
            found = match(first, second, limits)
            if found.verdict in (*_JOINING, Verdict.NEW_VERSION):
                alike = found.similarity if found.verdict is Verdict.REPOST else found.jaccard
                yield _Link(names[one], names[other], found.verdict, alike)
        on_progress(min(start + _AT_ONCE, len(pairs)), len(pairs))


class _Groups:
    """Documents in groups: those of one file or text are one; each other one is linked directly to its group's leader.

    Chains of likeness (A like B, B like C) would join articles that have little in common: 185 statutes by one phrase.
    """

    def __init__(
        self, links: Sequence[_Link], equal: Sequence[Verdict] = (Verdict.SAME_FILE, Verdict.SAME_TEXT)
    ) -> None:
        self._parents: dict[str, str] = {}
        for link in links:
            one, other = self._root(link.one), self._root(link.other)
            if link.verdict in equal:
                self._parents[one] = other
        self._links = links

    def _root(self, document_id: str) -> str:
        parent = self._parents.setdefault(document_id, document_id)
        while parent != document_id:
            self._parents[document_id] = self._parents[parent]
            document_id, parent = parent, self._parents[parent]
        return document_id

    def __iter__(self) -> Iterator[tuple[list[str], Verdict, float]]:
        """The members of each group, its weakest verdict, its lowest similarity."""
        members: defaultdict[str, list[str]] = defaultdict(list)
        for document_id in self._parents:
            members[self._root(document_id)].append(document_id)
        linked: defaultdict[str, dict[str, _Link]] = defaultdict(dict)
        inside: defaultdict[str, list[_Link]] = defaultdict(list)
        for link in self._links:
            one, other = self._root(link.one), self._root(link.other)
            if one == other:
                inside[one].append(link)
            else:
                linked[one].setdefault(other, link)
                linked[other].setdefault(one, link)
        taken: set[str] = set()
        for leader in sorted(members, key=lambda root: (-len(linked[root]), root)):
            if leader in taken:
                continue
            others = [root for root in linked[leader] if root not in taken]
            taken.update((leader, *others))
            joined = [link for root in (leader, *others) for link in inside[root]]
            joined += [linked[leader][root] for root in others]
            if joined:
                weakest = max((link.verdict for link in joined), key=_ORDER.__getitem__)
                ids = [document_id for root in (leader, *others) for document_id in members[root]]
                yield ids, weakest, min(link.similarity for link in joined)


class _Items:
    """The catalog rows of all documents, by what they are about."""

    def __init__(self) -> None:
        self._same: defaultdict[str, set[str]] = defaultdict(set)  # item, period and publisher → documents
        self._told: defaultdict[str, dict[str, int]] = defaultdict(dict)  # item and period → document → its content
        self._names: dict[str, str] = {}

    def watching(self, documents: Iterable[StoredDocument]) -> Iterator[StoredDocument]:
        """The documents as they come, their rows taken down."""
        for stored in documents:
            for entry in stored.document.all_entries:
                if entry.item or entry.subitem:
                    self._take(stored.document.id, entry)
            yield stored

    def _take(self, document_id: str, entry: CatalogEntry) -> None:
        about = "\n".join((entry.item, entry.subitem, entry.period))
        if entry.publisher:
            self._same[item_text(entry)].add(document_id)
            self._names[item_text(entry)] = _name_of(entry)
        self._names[about] = _name_of(entry)
        told = self._told[about]
        told[document_id] = told.get(document_id, 0) ^ int(text_keys([f"{entry.content}\n{entry.time_limit}"])[0])

    def clusters(self, store: DocumentStore) -> Iterator[Cluster]:
        """Documents with the same items of the same publisher; and those that tell the same item differently."""
        same: defaultdict[frozenset[str], list[str]] = defaultdict(list)
        for key, ids in self._same.items():
            if len(ids) > 1:
                same[frozenset(ids)].append(self._names[key])
        differing: defaultdict[frozenset[str], list[str]] = defaultdict(list)
        for key, told in self._told.items():
            if len(set(told.values())) > 1:
                differing[frozenset(told)].append(self._names[key])
        for inconsistent, found in ((False, same), (True, differing)):
            for documents, names in found.items():
                if len(members := _members(store, documents)) > 1:
                    yield Cluster(
                        verdict=Verdict.SAME_CATALOG_ITEM,
                        members=members,
                        similarity=0.0 if inconsistent else 1.0,
                        items=tuple(dict.fromkeys(names)),
                        inconsistent=inconsistent,
                    )


def _name_of(entry: CatalogEntry) -> str:
    return " · ".join(filter(None, (entry.item, entry.subitem)))


def _clusters(store: DocumentStore, groups: _Groups) -> Iterator[Cluster]:
    for ids, verdict, similarity in groups:
        members = _members(store, ids)
        if len(members) > 1:
            yield Cluster(verdict=verdict, members=members, similarity=similarity)


def _members(store: DocumentStore, ids: Iterable[str]) -> tuple[ClusterMember, ...]:
    """The live ones, the one to keep first: the earliest, the longest, the one of the smallest id."""
    live = [stored.document for stored in store.documents(list(ids)) if stored.state == "live"]
    live.sort(key=lambda document: (date_of(document) or date.max, -len(searchable_text(document)), document.id))
    return tuple(_member(document) for document in live)


def _member(document: Document) -> ClusterMember:
    return ClusterMember(
        document_id=document.id,
        title=document.title,
        issuers=document.issuers,
        column=document.column,
        document_number=document.document_number,
        published_on=date_of(document),
        characters=len(searchable_text(document)),
    )


def _counted(names: Iterable[Sequence[str]]) -> dict[str, int]:
    return dict(Counter(name for some in names for name in some if name).most_common())
