import numpy as np
import pytest
from PIL import Image, ImageDraw

from adscan.scan.likeness import likeness_of, picture_hash, text_signature

TEXT = (
    "澄湖理财第三期，保本保息，年化收益百分之十八，名额有限，扫码认购，客服随时在线解答各位的疑问。"
)
OTHER = "青榆面馆今日开业，牛肉面十八元一碗，欢迎街坊品尝，门店在人民路口，营业到晚上十点钟为止。"


def poster(size=(360, 640), seed=3):
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", size, (250, 240, 220))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = rng.random(2) * (0.7, 0.8) * size
        width, height = rng.random(2) * (0.3, 0.2) * size
        colour = tuple(int(c) for c in rng.integers(0, 200, 3))
        draw.rectangle((x, y, x + width, y + height), fill=colour)
    return image


def differing_bits(one, other):
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_a_signature_is_64_numbers_of_32_bits_that_no_machine_may_change():
    signature = text_signature([TEXT])
    assert len(signature) == 256
    assert signature[:8].hex() == "7a25020b7f23b200"


def test_blanks_width_and_script_do_not_change_a_signature():
    text = TEXT.replace("百分之十八", "18%，咨询VX")
    disguised = text.replace("18%", "１８％").replace("VX", "ＶＸ").replace("财", "財")
    assert text_signature([" \n".join(disguised)]) == text_signature([text])


def test_the_parts_of_an_ad_are_one_text():
    assert text_signature([TEXT[:10], TEXT[10:]]) == text_signature([TEXT])


@pytest.mark.parametrize("text", ["", "保本保息", " \n　" * 50, "字" * 19])
def test_a_text_of_fewer_than_20_characters_has_no_signature(text):
    assert text_signature([text]) is None


def test_a_text_of_20_characters_has_one():
    assert text_signature(["澄湖理财第三期保本保息年化收益百分之十八"]) is not None


def test_a_changed_number_leaves_texts_alike_and_another_text_is_not():
    long = TEXT + OTHER * 2
    one, changed, other = map(text_signature, ([long], [long.replace("三", "九")], [OTHER]))
    assert likeness_of(one, one) == 1
    assert 0.8 < likeness_of(one, changed) < 1
    assert likeness_of(text_signature([TEXT]), other) < 0.1


def test_the_likeness_estimates_the_share_of_common_shingles():
    rng = np.random.default_rng(1)
    errors = []
    for _ in range(40):
        letters = [chr(0x4E00 + int(n)) for n in rng.integers(0, 5000, 300)]
        cut = int(rng.integers(20, 280))
        other = letters[:cut] + [chr(0x4E00 + int(n)) for n in rng.integers(0, 5000, 300 - cut)]
        sets = [{"".join(x[i : i + 5]) for i in range(296)} for x in (letters, other)]
        true = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
        found = likeness_of(text_signature(["".join(letters)]), text_signature(["".join(other)]))
        errors.append(found - true)
    assert abs(np.mean(errors)) < 0.03
    assert np.std(errors) < 0.08


def test_a_text_longer_than_one_batch_of_shingles_is_hashed_whole():
    rng = np.random.default_rng(2)
    text = "".join(chr(0x4E00 + int(n)) for n in rng.integers(0, 5000, 9000))
    halves = [np.frombuffer(text_signature([x]), "<u4") for x in (text[:5004], text[5000:])]
    assert np.frombuffer(text_signature([text]), "<u4").tolist() == np.minimum(*halves).tolist()


def test_a_half_of_a_character_that_no_encoding_knows_is_hashed_like_any_other():
    assert text_signature([TEXT + "\ud83d"]) is not None


def test_a_picture_hash_is_16_hex_digits():
    digits = picture_hash(np.asarray(poster()))
    assert len(digits) == 16
    assert int(digits, 16) > 0


def test_a_smaller_copy_saved_as_jpeg_keeps_its_hash_within_four_bits(tmp_path):
    image = poster()
    image.resize((216, 384)).save(tmp_path / "copy.jpg", quality=40)
    copy = Image.open(tmp_path / "copy.jpg")
    hashes = [picture_hash(np.asarray(one.convert("RGB"))) for one in (image, copy)]
    assert differing_bits(*hashes) <= 4


def test_other_pictures_have_other_hashes():
    hashes = [picture_hash(np.asarray(poster(seed=seed))) for seed in (1, 2)]
    assert differing_bits(*hashes) > 10


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((400, 300, 3), 255, np.uint8),
        np.random.default_rng(0).integers(240, 250, (400, 300, 3), dtype=np.uint8),
        np.asarray(poster((400, 31))),
        np.zeros((1, 1, 3), np.uint8),
    ],
    ids=["white", "almost white", "a strip", "one pixel"],
)
def test_blank_and_tiny_pictures_have_no_hash(pixels):
    assert picture_hash(pixels) is None
