"""Which characters do these bytes mean? The content decides; what was declared only breaks a tie."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from corpus.errors import UnreadableError

MAX_BYTES = 64 << 20
"""A text or a table of text above this is a data dump, no document."""

_MAX_DAMAGED = 0.05  # of the characters; above, these bytes are no text
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_HEAD_BYTES = 8192  # the HTML standard looks at 1024 for <meta charset>; some sites put 4 KB of script before it
_SAMPLE_BYTES = 1 << 18  # enough characters for a verdict; the encodings do not change in the middle of a file
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# GB2312 and GBK are subsets of GB18030, and pages declared as either hold characters of the next larger one (WHATWG
# Encoding Standard, "gb18030 decoder"); Big5 of government sites carries the Hong Kong supplement.
_CANDIDATES = ("utf-8", "gb18030", "big5hkscs")
_WIDE = ("utf-16-le", "utf-16-be")

# Characters that make up about half of running official text, in both scripts. The wrong decoder yields rare ones.
_CHARACTERS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民"
    "得经三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义"
    "事平形相全表间样与关各重新线内数正心反你明看原又利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直"
    "题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决"
    "政府通知文件关于局县市省委办公室发布信息公开标题来源时间日期规定管理服务单位项目工作情况号附首页打印闭"
    "這為個國我時來們對會發動過說產種麼後學經進著電裡現實體機當點從業義樣與關內數應開還問結變條無軍題黨員總設長圖統計運農區"
    "資訊網頁標來源佈辦縣號規務單項況閉"
)
_MIN_ZEROS = 0.005  # of the bytes of UTF-16: a line break every hundred characters
_FREQUENT = re.compile(f"[{_CHARACTERS}]")
_CONTROLS = dict.fromkeys(
    [*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0xFEFF, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)]
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text without control characters, the encoding it was in, and how many characters were lost on the way."""

    text: str
    encoding: str
    damaged: int

    @property
    def problems(self) -> list[str]:
        return [f"{self.damaged} characters are damaged ({self.encoding})"] if self.damaged else []


def decode_file(data: bytes, content_type: str = "") -> Decoded:
    """As `decode`, for a file that is nothing but text.

    Raises UnreadableError when it is larger than `MAX_BYTES` or its bytes are no text in any of the encodings.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"the text is larger than {MAX_BYTES >> 20} MB")
    decoded = decode(data, content_type)
    if decoded.damaged > _MAX_DAMAGED * len(decoded.text):
        raise UnreadableError("the bytes are no text in UTF-8, GB18030, Big5 or UTF-16")
    return decoded


def decode(data: bytes, content_type: str = "") -> Decoded:
    """Decode a page or a text file, whatever its header and its <meta> say.

    A byte order mark decides. Text that is valid UTF-8 is UTF-8, because text in another encoding almost never is.
    Else UTF-8, GB18030, Big5 and UTF-16 are tried on the first 256 KB, and the one with the fewest broken characters
    and the most frequent ones wins; a declaration counts as a small advantage. Nothing is raised: broken bytes become
    U+FFFD and are counted.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _finish(data[len(mark) :], encoding)
    if data.isascii() and b"\x00" not in data:
        return _finish(data, "utf-8")
    if b"\x00" not in data[:_SAMPLE_BYTES] and _is_utf8(data):
        return _finish(data, "utf-8")
    declared = {
        _canonical(name) for name in (*_DECLARED.findall(content_type.encode()), *_DECLARED.findall(_head(data)))
    }
    sample = data[:_SAMPLE_BYTES]
    wide = sample.count(0) >= _MIN_ZEROS * len(sample)
    candidates = [*_CANDIDATES, *(_WIDE if wide else ())]
    return _finish(data, max(candidates, key=lambda encoding: _plausibility(sample, encoding, encoding in declared)))


def _finish(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    return Decoded(text.translate(_CONTROLS), encoding, text.count("\ufffd"))


def _head(data: bytes) -> bytes:
    return data[:_HEAD_BYTES].replace(b"\x00", b"")


def _is_utf8(data: bytes) -> bool:
    """Whether it decodes without an error, but for a character cut off at the end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _canonical(name: bytes) -> str:
    label = name.decode("ascii", errors="ignore").lower().replace("_", "-")
    if label in {"gb2312", "gbk", "gb18030", "x-gbk", "cp936", "gb-2312", "csgb2312", "hz-gb-2312"}:
        return "gb18030"
    if label.startswith(("big5", "x-x-big5", "cp950")):
        return "big5hkscs"
    return {"utf8": "utf-8", "utf-16": "utf-16-le", "unicode": "utf-16-le"}.get(label, label)


def _plausibility(sample: bytes, encoding: str, declared: bool) -> float:
    """Between -1 (all of it broken) and about 1 (running Chinese text)."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample, final=False)
    strange = text.count("\ufffd") + text.count("\x00")
    foreign = len(text) - len(text.encode("ascii", "ignore")) - strange
    if foreign <= 0:
        return -1.0 + declared * 0.05
    frequent = len(_FREQUENT.findall(text)) / foreign
    return frequent - strange / (foreign + strange) + declared * 0.05
