"""Tables in OFD files: ruled by paths, merged, across the page; forms whose rows are not ruled."""

from __future__ import annotations

import pytest

from corpus.parsers.ofd.grids import find_grids
from corpus.parsers.ofd.paths import Rule
from tests.corpus.parsers.ofd_files import layer, parts_of, path, read, read_page, rule, words

LINES = (  # a header over two columns, and a cell over two rows
    *((20, y, 170, y) for y in (50, 60, 90)),
    (50, 70, 170, 70),
    (20, 50, 20, 90),
    (170, 50, 170, 90),
    (50, 60, 50, 90),
    (110, 60, 110, 90),
)
TEXTS = (
    words("公开时限", 85, 57),
    words("村务", 22, 77),
    words("财务收支", 52, 67),
    words("每月", 112, 67),
    words("低保对象的名单、标准和金额以", 52, 77, size=4),
    words("及变更情况", 52, 84, size=4),
    words("每季度", 112, 80),
)
ROWS = ["公开时限", "村务\t财务收支\t每月", "\t低保对象的名单、标准和金额以及变更情况\t每季度"]


def test_a_ruled_table_is_read_with_its_merged_cells() -> None:
    parsed = read_page(
        words("村务公开一览表", 78, 45, size=5),
        *(rule(*line) for line in LINES),
        *TEXTS,
        words("说明：每月五日前公开。", 20, 105),
    )
    assert parsed.body.split("\n") == ["村务公开一览表", *ROWS, "说明：每月五日前公开。"]
    (table,) = parsed.tables
    assert (table.place, table.caption) == ("page 1", "村务公开一览表")
    assert [(cell.text, cell.row, cell.column, cell.rows, cell.columns) for cell in table.cells] == [
        ("公开时限", 0, 0, 1, 3),
        ("村务", 1, 0, 2, 1),
        ("财务收支", 1, 1, 1, 1),
        ("每月", 1, 2, 1, 1),
        ("低保对象的名单、标准和金额以及变更情况", 2, 1, 1, 1),
        ("每季度", 2, 2, 1, 1),
    ]


def test_thin_filled_areas_are_rules_as_well() -> None:
    thin = 'Fill="true" Stroke="false"'
    bars = [
        path(f"M {x} {y} L {x2 + 0.4} {y} L {x2 + 0.4} {y2 + 0.4} L {x} {y2 + 0.4} C", thin) for x, y, x2, y2 in LINES
    ]
    assert read_page(*bars, *TEXTS).body.split("\n") == ROWS


def test_one_path_may_draw_the_whole_table() -> None:
    data = " ".join(f"M {x} {y} L {x2} {y2}" for x, y, x2, y2 in LINES)
    assert read_page(path(data), *TEXTS).body.split("\n") == ROWS


def test_a_table_set_across_the_page_is_turned() -> None:
    across = 'CTM="0 1 -1 0 200 0"'
    turned = [text.replace('Boundary="', f'{across} Boundary="') for text in TEXTS]
    turned = [_across(text) for text in turned]
    lines = [rule(200 - y, x, 200 - y2, x2) for x, y, x2, y2 in LINES]
    assert read_page(*lines, *turned).body.split("\n") == ROWS


def _across(text: str) -> str:
    """The same object with its Boundary moved into its matrix, which is then turned to the right."""
    head, rest = text.split('Boundary="', 1)
    boundary, tail = rest.split('"', 1)
    x, y, *size = boundary.split()
    head = head.replace('CTM="0 1 -1 0 200 0"', f'CTM="0 1 -1 0 {200 - float(y)} {x}"')
    return f'{head}Boundary="0 0 {" ".join(size)}"{tail}'


def test_a_table_open_at_its_sides_has_edges_all_the_same() -> None:
    lines = [line for line in LINES if line[0] != line[2] or line[0] not in {20, 170}]
    parsed = read_page(*(rule(*line) for line in lines), *TEXTS)
    assert parsed.body.split("\n") == ROWS


def test_goods_listed_in_an_unruled_row_make_rows() -> None:
    lines = [(20, y, 170, y) for y in (50, 110, 125)] + [(x, 50, x, 125) for x in (20, 90, 130, 170)]
    goods = [("项目名称", "数量", "金额"), ("稻谷", "2", "97.09"), ("小麦", "", "12.50"), ("合计", "", "109.59")]
    texts = [
        words(text, x, 57 + 12 * n) for n, row in enumerate(goods) for text, x in zip(row, (22, 92, 132), strict=True)
    ]
    parsed = read_page(*(rule(*line) for line in lines), *texts, words("备注", 22, 120))
    assert parsed.body.split("\n") == [
        "项目名称\t数量\t金额",
        "稻谷\t2\t97.09",
        "小麦\t\t12.50",
        "合计\t\t109.59",
        "备注",
    ]
    assert len(parsed.tables[0].grid()) == 5


def test_paragraphs_in_cells_stay_apart_and_labels_set_downwards_come_together() -> None:
    lines = [(20, y, 170, y) for y in (50, 90, 130)] + [(x, 50, x, 130) for x in (20, 30, 170)]
    texts = [
        *(words(char, 22.5, 60 + 10 * n) for n, char in enumerate("购买方")),
        words("名　称：清河区粮站", 35, 60),
        words("电　话：0595-1234567", 35, 70),
        words("□主动公开", 35, 100),
        words("■依申请公开", 35, 110),
    ]
    parsed = read_page(*(rule(*line) for line in lines), *texts)
    assert [cell.text for cell in parsed.tables[0].cells] == [
        "购买方",
        "名 称：清河区粮站\n电 话：0595-1234567",
        "",
        "□主动公开\n■依申请公开",
    ]
    assert parsed.body.split("\n") == ["购买方\t名 称：清河区粮站 电 话：0595-1234567", "\t□主动公开 ■依申请公开"]


def test_a_frame_and_an_underline_are_no_tables() -> None:
    frame = [rule(*line) for line in ((15, 15, 195, 15), (15, 280, 195, 280), (15, 15, 15, 280), (195, 15, 195, 280))]
    parsed = read_page(*frame, rule(60, 62, 120, 62), words("申请人：", 30, 60), words("王小明", 62, 60))
    assert (parsed.body, parsed.tables) == ("申请人：\t王小明", ())


def test_white_and_hidden_lines_rule_nothing() -> None:
    white = [line.replace("<ofd:Abb", '<ofd:StrokeColor Value="255 255 255"/><ofd:Abb') for line in _rules()]
    hidden = _rules('Visible="false"')
    assert read(parts_of(layer(*white, *hidden, *TEXTS))).tables == ()


def _rules(attributes: str = "") -> list[str]:
    return [rule(*line, attributes) for line in LINES]


@pytest.mark.parametrize("curve", ["B {0} {1} {2} {1} {2} {1}", "Q {0} {1} {2} {1}", "A 40 40 0 0 1 {2} {1}"])
def test_curves_rule_nothing(curve: str) -> None:
    lying = [path(f"M {x} {y} {curve.format(x, y, x2)}") for x, y, x2, y2 in LINES if y == y2]
    upright = [rule(*line) for line in LINES if line[0] == line[2]]
    assert read_page(*lying, *upright, *TEXTS).tables == ()


def test_a_drawing_of_many_lines_is_no_table() -> None:
    hatching = [Rule(True, 2.0 * n, 0, 9) for n in range(2000)] + [Rule(False, 4.0, 0, 4000)]
    assert find_grids(hatching) == []


def test_a_drawing_of_many_boxes_is_no_table() -> None:
    boxes = [
        Rule(horizontal, at + 20 * n, 20 * n if not horizontal else 0, 20 * n + 8 if not horizontal else 8)
        for n in range(60)
        for horizontal, ats in ((True, (0, 4, 8)), (False, (0, 4, 8)))
        for at in ats
    ]
    upright = [Rule(rule.horizontal, rule.at % 20, rule.start, rule.end) for rule in boxes if not rule.horizontal]
    lying = [rule for rule in boxes if rule.horizontal]
    assert len(find_grids([*lying[:90], *upright[:90]])) == 30
    assert find_grids([*lying, *upright]) == []
