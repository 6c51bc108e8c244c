"""A mixed corpus for benchmarks: one report of political news in ten, the rest sport, kitchens, weather, shows and shops.

The political reports are the project's own annotated ones; the others are put together here from sentences written for this
purpose, always the same for the same seed. Some of them name countries, officials and fights, as such pages do.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from diurna.records import Article

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "training"))

NAMES = ["Tessa Marlow", "Jonas Fell", "Priya Nandal", "Owen Strand", "Lucia Bertani", "Marek Dolny", "Amy Castle", "Ravi Sorel"]
TOWNS = ["Larkham", "Brindle Bay", "Ostermoor", "Lisbon", "Turin", "Perth", "Halden", "Fort Wexley", "Osaka", "Bergen"]
LANDS = ["Spain", "Italy", "New Zealand", "Japan", "France", "Portugal", "Brazil", "Norway"]
THINGS = ["lens", "battery", "hinge", "screen", "saddle", "kettle", "pump", "filter", "valve", "frame"]
FOODS = ["leeks", "barley", "plums", "smoked trout", "chickpeas", "fennel", "brown butter", "rye flour", "quinces", "ricotta"]
TOPICS: dict[str, list[str]] = {
    "sport": [
        "{name} scored twice in the second half as {town} came from behind to win 3-2 on a rain-soaked pitch.",
        "The visitors had led through an early header, but their defence tired after the break and the gaps began to show.",
        "{name}, who missed most of last season with a torn hamstring, was replaced in the 80th minute to a standing ovation.",
        "The goalkeeper attacked the ball too late and could only push it into the path of the striker.",
        '"We kept our heads when it mattered," {name} said. "The first half was not good enough and we knew it."',
        "The win lifts the club to fourth place, two points behind the leaders with nine matches left to play.",
        "In the other semi-final, {land} beat {land} on penalties in front of a crowd of 31,000.",
        "The coach said the squad would rest on Monday before flying to {town} for the second leg.",
        "Tickets for the return match go on sale next week, with members given the first choice of seats.",
    ],
    "kitchen": [
        "Warm a heavy pan over a low flame and let the {food} soften in a spoonful of oil until they smell sweet.",
        "Stir in the {food} with a pinch of salt, cover, and leave everything alone for twenty minutes.",
        "The dish comes from the hills of {land}, where cooks add a splash of vinegar just before it is served.",
        "{name}, who runs a small bakery in {town}, swears by day-old bread and a very hot oven.",
        "If the sauce looks thin, beat in a little {food} and cook it for another minute without letting it boil.",
        "Leftovers keep for three days in the fridge and taste better on the second.",
        "Serve it with {food} on the side and something cold to drink.",
    ],
    "weather": [
        "A band of cloud will drift in from the west on Tuesday, bringing patchy drizzle to higher ground by evening.",
        "Temperatures should climb to 24 degrees inland, though a sea breeze will keep {town} cooler.",
        "Gusts of up to 70 kilometres an hour may bring down branches, and drivers should allow more time for their journeys.",
        "Forecasters expect the dry spell to end by the weekend as pressure falls over the north.",
        "Gardeners who planted early can breathe again: the risk of a late frost has all but passed.",
    ],
    "shows": [
        "{name} plays a lighthouse keeper with a secret in the new drama, which was shot over eleven weeks near {town}.",
        "The first episode takes its time, and some viewers will wish that it had taken rather less.",
        "The costumes are splendid, the songs are catchy, and the last act drags only a little.",
        "Critics praised the score, but several found the dialogue wooden and the ending rushed.",
        "{name} has released a fifth album, recorded in a barn with a borrowed piano and a choir from {land}.",
        "The museum in {town} will open its new wing in spring with a show of early photographs.",
        'In an interview, {name} called the part "the hardest thing I have ever done" and laughed.',
    ],
    "science": [
        "Biologists have described a beetle no longer than a grain of rice that lives under the bark of fallen beeches.",
        "The team dropped sensors to a depth of 4,000 metres and left them there for a year.",
        "A study of 1,200 adults found that those who walked after dinner slept eleven minutes longer on average.",
        "The telescope's new mirror gathers twice as much light, {name} of the observatory at {town} said.",
        "The results have yet to be repeated elsewhere, and other groups urge caution.",
        "Sediment from the lake shows that the valley was a forest when the first farmers arrived.",
    ],
    "shops": [
        "The new model has a lighter {thing}, a quieter {thing} and a price that will make some buyers look twice.",
        "In our test the {thing} lasted nine hours, an hour less than the maker promises.",
        "The company said sales rose 4 percent in the quarter, helped by demand for its cheaper range.",
        "Customers complained that the {thing} scratched within a week, and the shop offered refunds.",
        "{name} opened her first store in {town} with a loan from an aunt and a second-hand till.",
        "Analysts had expected a profit of 30 cents a share; the shares slipped in early trading.",
        "It goes on sale in {land} in autumn and elsewhere by the end of the year.",
    ],
    "home": [
        "Sand the {thing} lightly between coats and wipe it down with a damp cloth.",
        "The cottage outside {town} had stood empty for six years before the couple bought it.",
        "A narrow room looks wider if the shelves stop short of the ceiling, says {name}, who designs small flats.",
        "Prune the roses hard, water them well, and keep the slugs away with crushed shells.",
        "The garden faces south, and by June the wall behind the figs is warm until nine in the evening.",
    ],
}


def mixed(count: int = 400, seed: int = 7, political: float = 0.1) -> Iterator[Article]:
    """Yield `count` reports, the given share of them political."""
    rng = random.Random(seed)
    reports = list(_political())
    for number in range(count):
        yield rng.choice(reports) if rng.random() < political else _other(rng, number)


def dense() -> list[Article]:
    """Return the political reports alone: own development gold and the annotated training reports."""
    gold = [
        Article(file.read_text(encoding="utf-8"), id=file.stem, published="2015-06-01")
        for file in sorted((ROOT / "eval" / "gold" / "dev").glob("*.txt"))
    ]
    return [*gold, *_political()]


def _political() -> Iterator[Article]:
    from reports import read

    for file in sorted((ROOT / "training" / "reports").glob("*.txt")):
        for report in read(file):
            yield Article("\n\n".join(sentence.text for sentence in report.sentences), id=report.id, published=report.date)


def _other(rng: random.Random, number: int) -> Article:
    sentences = TOPICS[rng.choice(sorted(TOPICS))]
    count = rng.randint(14, 26)
    words = [_filled(rng, rng.choice(sentences)) for _ in range(count)]
    cuts = range(0, count, 2)
    return Article("\n\n".join(" ".join(words[at : at + 2]) for at in cuts), id=f"other-{number}", published="2019-05-04")


def _filled(rng: random.Random, sentence: str) -> str:
    for slot, choices in (("name", NAMES), ("town", TOWNS), ("land", LANDS), ("thing", THINGS), ("food", FOODS)):
        while "{" + slot + "}" in sentence:
            sentence = sentence.replace("{" + slot + "}", rng.choice(choices), 1)
    return sentence
