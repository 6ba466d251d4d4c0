"""Invented firms and people. Nobody here is real: addresses end in .example or are under example.com, .org and .net."""

import re
import unicodedata

from dunwell.sandbox.books.records import Address
from dunwell.sandbox.dice import Dice

_WORDS = """
Alderwick Ambergill Ashkettle Balverton Barrowmere Birchgate Blenhurst Bramblecote Brindlemoor Cambershaw Cindergate
Coldbrace Copperfen Corvane Crackenby Dapplethorpe Deepwillow Dellinghurst Dovemarsh Drumhallow Eastermoss Eldershaw
Emberlea Fallowbeck Farthingale Fennimore Ferncastle Flintmarsh Foxhollow Gallowglen Gildersome Glimmerdale Goldacre
Greyhaven Hallowford Hartsmere Hazelbrook Heronsgate Hexwater Hollinside Inkberrow Ironvale Ivydene Jarrowfield
Juniperhill Kestrelby Kettlewood Kingsbarrow Lambswick Lanternrow Larchmoor Limewharf Longstrand Lowthermere Mallowfield
Marrowgate Meadowsett Millerstone Mistlebank Moorcastle Netherwold Nightingrove Oakenshield Oatgarth Otterlathe
Palegate Partridgehay Pebblecombe Pinewhistle Quarrymoor Quillmere Ravensett Redfallow Rillington Rookhollow Rushmere
Saltmarsh Sandhaven Shepherdine Silvergarth Skylarkhill Slatewick Sparrowfield Stonecross Summerlease Tallowbridge
Tamarel Thistledown Thornabeck Timberlow Underhay Upperlong Valebrook Verdigris Wagtail Wealdgarth Westering
Whinmoor Whitrow Willowherb Windlow Winterlathe Witchhazel Wolfcastle Woodrane Wrenfield Yarrowdale Yellowham
Yewcroft Zephyrine Aldercross Brackenridge Chalkwell Duskwater Elmstead Frostling Gorsehill Hopkiln Islemere Kiteford
""".split()

_TRADES = [
    "Joinery",
    "Dental Lab",
    "Bakery",
    "Logistics",
    "Interiors",
    "Veterinary Group",
    "Print Works",
    "Architects",
    "Brewing",
    "Cycles",
    "Nurseries",
    "Opticians",
    "Roofing",
    "Theatre",
    "Electrical",
    "Coffee Roasters",
    "Landscapes",
    "Pharmacy",
    "Ceramics",
    "Marine Supply",
    "Tailors",
    "Film Services",
    "Plumbing",
    "Physiotherapy",
    "Law Office",
    "Motors",
    "Catering",
    "Kindergarten",
    "Records",
    "Instruments",
    "Events",
    "Packaging",
]

_GIVEN = (
    "Ada Bela Cato Dara Enno Fia Gwen Hugo Ines Juno Kaj Lena Milo Nora Otis Pia Quin Rosa Seth Tilda Ugo Vera".split()
)
_FAMILY = (
    "Abernoth Brandquist Calloway-Finn Dunmarrow Estergaard Fairweld Gravestock Hollander Imsworth Jessamy Kolbrun "
    "Lindqvart Marchbank Nettlefold Oakhanger Pennyfeather Quarles Rosenhall Stavely Tremayle Underwater Vantongeren"
).split()

_STREETS = "Mill Street,Canal Road,Station Row,Orchard Way,Quay Lane,Chapel Rise,Foundry Yard,Market Place".split(",")
_CITIES = "Port Ellery,Ashcombe,Grand Fallow,St. Orrin,Newhallow,Pinefield,Low Harbour,Castlebeck".split(",")

_DOMAINS = ("{slug}.example", "{slug}.example.com", "{slug}.example.org", "{slug}.example.net")


def firms(dice: Dice, share: int, count: int) -> list[str]:
    """So many different firm names; the two shares have none in common."""
    words = dice.shuffled(_WORDS[share::2])
    return [f"{word} {dice.pick(_TRADES)}" for word in words[:count]]


def person(dice: Dice) -> tuple[str, str]:
    """Given and family name of somebody at the firm."""
    return dice.pick(_GIVEN), dice.pick(_FAMILY)


def email(dice: Dice, firm: str) -> str:
    """An address at the firm under a reserved domain."""
    domain = dice.pick(_DOMAINS).format(slug=slug(firm))
    return f"{dice.pick(['accounts', 'ap', 'office', 'billing', 'finance'])}@{domain}"


def phone(dice: Dice) -> str:
    """A number from the range kept free for fiction."""
    return f"(555) 010-{dice.number(0, 9999):04d}"


def address(dice: Dice, country: str) -> Address:
    """A street that exists nowhere."""
    street, city = f"{dice.number(1, 240)} {dice.pick(_STREETS)}", dice.pick(_CITIES)
    region = dice.pick(["CA", "OR", "WA", "NV"]) if country == "US" else ""
    return Address(street=street, city=city, region=region, postcode=f"{dice.number(10000, 99999)}", country=country)


def slug(text: str) -> str:
    """Letters and digits of a name, in ASCII, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
