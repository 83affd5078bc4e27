"""The companies that people work for."""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, log

from connectors.sandbox.company.words import generator, slug, words


@dataclass(frozen=True)
class Firm:
    """One company. It is fit for what we sell, or far from it: nothing lies between."""

    number: int
    name: str
    domain: str
    is_fit: bool
    industry: str
    country: str
    city: str
    employees: int
    revenue: int
    """US dollars a year."""
    phone: str
    territory: str


@lru_cache(maxsize=4_096)
def draw_firm(seed: int, number: int) -> Firm:
    """Return a firm; its number alone decides on its name, so that no two share a domain."""
    rng = generator(seed, "firm", number)
    is_fit = rng.random() < 0.4
    traits = words()["fit" if is_fit else "other"]
    industry = rng.choice(list(traits["industries"]))
    country = rng.choice(list(traits["places"]))
    fewest, most = (log(bound) for bound in traits["employees"])
    employees = round(exp(rng.uniform(fewest, most)))
    name = _name(number, rng.choice(traits["industries"][industry]))
    return Firm(
        number=number,
        name=name,
        domain=f"{slug(name)}.example",
        is_fit=is_fit,
        industry=industry,
        country=country,
        city=rng.choice(traits["places"][country]),
        employees=employees,
        revenue=employees * rng.randrange(90, 240) * 1000,
        phone=f"+1 555 9{number // 1000 % 100:02d} {number % 1000:03d}",
        territory=words()["territories"].get(country, words()["elsewhere"]),
    )


def _name(number: int, trade: str) -> str:
    firsts, lasts = words()["company_first"], words()["company_last"]
    rest, first = divmod(number, len(firsts))
    round_number, last = divmod(rest, len(lasts))
    parts = [firsts[first], trade, lasts[(last + first) % len(lasts)]]
    return " ".join(parts + ([str(round_number + 1)] if round_number else []))
