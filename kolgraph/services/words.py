"""Numbers in words: singular and plural right, thousands apart, the unknown named as such."""


def counted(number: object, one: str, many: str = "") -> str:
    """`1, paper` -> "1 paper"; `1200, paper` -> "1,200 papers"; None -> "papers not counted"."""
    plural = many or f"{one}s"
    if not isinstance(number, int | float):
        return f"{plural} not counted"
    return f"{number:,} {one if number == 1 else plural}"


def span(years: tuple[int, ...] | list[int]) -> str:
    """`2019, 2021, 2024` -> "2019-2024"; one year stands alone; none -> ""."""
    if not years:
        return ""
    first, last = min(years), max(years)
    return str(first) if first == last else f"{first}–{last}"
