"""A form is read the same however the network cuts it, also where a cut lies within a boundary."""

import io

from hypothesis import assume, given
from hypothesis import strategies as st

from providers.sapo.server.wire.multipart import MultipartReader

BOUNDARY = b"b0xx"
MARK = b"\r\n--" + BOUNDARY
# Mostly what boundaries are made of, so that much looks like one.
NEARLY = st.lists(st.sampled_from([b"\r", b"\n", b"-", b"b", b"0", b"x", MARK[:-1], b"\r\n--b0"])).map(
    b"".join
)


@given(content=NEARLY, sizes=st.lists(st.integers(1, 17), min_size=1))
def test_form_is_read_the_same_however_it_is_cut(content: bytes, sizes: list[int]) -> None:
    assume(MARK not in b"\r\n" + content and not (content + MARK).find(MARK) < len(content))
    head = b'\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n'
    stream = io.BytesIO(MARK[2:] + head + content + MARK + b"--\r\n")
    turn = iter(sizes * 2000)
    parts = MultipartReader(lambda _size: stream.read(next(turn)), BOUNDARY)
    assert [b"".join(map(bytes, part.blocks)) for part in parts] == [content]
