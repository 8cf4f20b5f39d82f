"""What jieba's dictionary says of general Chinese."""

from analyzers.general_words import COMMON_WORD, general_frequencies


def test_common_words_and_single_characters_are_counted() -> None:
    found = general_frequencies()
    assert found["景点"] >= COMMON_WORD
    assert found["的"] > 100_000
    assert "责人" not in found or found["责人"] < COMMON_WORD
    assert sum(found.values()) > 50_000_000
