"""Full numbers of persons are found and masked; codes, amounts and what is masked already are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from analyzers.personal_data import PersonalDataKind, find_personal_data, mask_personal_data

ID_CARD = "360121199003070013"
BANK_CARD = "6222021234567890128"
MOBILE = "13812345678"


def shown(text: str) -> list[tuple[str, str]]:
    return [(found.kind.value, text[found.start : found.end]) for found in find_personal_data(text)]


def test_the_numbers_of_these_tests_are_valid() -> None:
    assert ric.is_valid(ID_CARD)


@pytest.mark.parametrize(
    ("text", "kind", "printed"),
    [
        (f"申请人陈某某，身份证号{ID_CARD}，住云澜区。", "identity_card", ID_CARD),
        (f"（{ID_CARD}）", "identity_card", ID_CARD),
        ("身份证号：３６０１２１１９９００３０７００１３", "identity_card", "３６０１２１１９９００３０７００１３"),
        ("360121 19900307 0013", "identity_card", "360121 19900307 0013"),
        (f"开户行：云澜农商行，账号 {BANK_CARD}。", "bank_card", BANK_CARD),
        ("卡号6222 0212 3456 7890 128", "bank_card", "6222 0212 3456 7890 128"),
        (f"联系电话：{MOBILE}", "mobile", MOBILE),
        ("咨询：138-1234-5678（工作日）", "mobile", "138-1234-5678"),
        ("请拨打+8613812345678。", "mobile", "8613812345678"),
    ],
)
def test_a_full_number_is_found_as_it_is_printed(text: str, kind: str, printed: str) -> None:
    assert shown(text) == [(kind, printed)]


def test_a_check_digit_x_is_read_in_either_case() -> None:
    numbers = (f"36012119900307{serial:03}X" for serial in range(1000))
    number = next(filter(ric.is_valid, numbers))
    for printed in (number, number.lower()):
        assert shown(f"身份证{printed}号") == [("identity_card", printed)]


@pytest.mark.parametrize(
    "text",
    [
        "360121199003070014",  # the check digit is wrong
        "360121199013070011",  # no thirteenth month
        "6222021234567890123",  # fails Luhn's check
        "统一社会信用代码 91360121014529538N",
        "索引号：K12345-0201-2023-0012",
        "总投资13800000000元，其中财政资金13500000000 元",
        "https://www.example.cn/art/13812345678.html",
        "订单 A13812345678",
        "0799-13812345678901",
        "圆周率 3.13812345678",
        "陈某某，142***********1234，138****5678",
        "电话 0799-6212345、12345 热线",
        "2023年6月15日至2024年6月15日",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert shown(text) == []
    assert mask_personal_data(text) == text


def test_several_numbers_side_by_side_are_told_apart() -> None:
    text = f"陈某某\t{ID_CARD}\t{BANK_CARD}\t{MOBILE}\n2023 {MOBILE} 13987654321"
    assert [kind for kind, _ in shown(text)] == ["identity_card", "bank_card", "mobile", "mobile", "mobile"]


def test_a_masked_number_keeps_its_ends_and_its_separators() -> None:
    assert mask_personal_data(f"身份证{ID_CARD}，电话138-1234-5678") == "身份证360***********0013，电话138-****-5678"
    assert mask_personal_data(BANK_CARD) == "622************0128"


@given(st.text(alphabet=f"0123456789０９xX -年元，{ID_CARD}", max_size=60))
def test_masking_keeps_the_length_and_leaves_no_number(text: str) -> None:
    masked = mask_personal_data(text)
    assert len(masked) == len(text)
    assert find_personal_data(masked) == []


def test_every_kind_has_a_name() -> None:
    assert {kind.label for kind in PersonalDataKind} == {"身份证号码", "银行卡号", "手机号码"}
