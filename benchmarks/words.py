"""Names and weights from which the data is drawn. Weights fall off as 1/rank: few owners and campaigns have most leads."""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from random import Random

from dafater_crm.domain import arabic

FIRST = [
	"محمد",
	"عبدالله",
	"فهد",
	"سارة",
	"نورة",
	"خالد",
	"ريم",
	"عبدالعزيز",
	"سلطان",
	"هند",
	"تركي",
	"لطيفة",
	"بندر",
	"منيرة",
	"ماجد",
	"العنود",
	"يوسف",
	"أمل",
	"سعود",
	"هيفاء",
]
FAMILY = [
	"القحطاني",
	"العتيبي",
	"الشمري",
	"الدوسري",
	"الغامدي",
	"الزهراني",
	"الحربي",
	"المطيري",
	"السبيعي",
	"العنزي",
	"الشهري",
	"البقمي",
	"الرشيدي",
	"السهلي",
]
COMPANY_KINDS = ("شركة", "مؤسسة", "مجموعة", "مصنع")
COMPANY_NAMES = [
	"الأفق",
	"النخيل",
	"الواحة",
	"الريادة",
	"البناء",
	"المدار",
	"السحاب",
	"الخليج",
	"الرواد",
	"اليمامة",
	"الصفا",
	"العقيق",
	"النور",
	"الأمان",
	"الساحل",
]
COMPANY_TRADES = ["للتجارة", "للمقاولات", "للصناعة", "للخدمات", "للتقنية", "للتوريد", "للنقل"]

SELLERS = [f"seller{number:02d}@bench.example" for number in range(1, 41)]
# one of the forty, with an ordinary share: the account executive whose own rows are measured
EXECUTIVE = SELLERS[9]
MANAGER = "manager@bench.example"
CAMPAIGNS = [f"حملة {number:02d}" for number in range(1, 61)]
REGIONS = {
	"إقليم الوسطى": ("مدينة الرياض", "مدينة الخرج", "مدينة بريدة", "مدينة حائل"),
	"إقليم الغربية": ("مدينة جدة", "مدينة مكة", "مدينة المدينة", "مدينة الطائف"),
	"إقليم الشرقية": ("مدينة الدمام", "مدينة الخبر", "مدينة الجبيل", "مدينة الأحساء"),
	"إقليم الجنوبية": ("مدينة أبها", "مدينة جازان", "مدينة نجران", "مدينة الباحة"),
	"إقليم الشمالية": ("مدينة تبوك", "مدينة عرعر", "مدينة سكاكا", "مدينة الجوف"),
}
# what the manager's User Permission is for: a region with its four cities
MANAGERS_REGION = "إقليم الشرقية"
CITIES = [city for cities in REGIONS.values() for city in cities]
SOURCES = [
	"Website",
	"WhatsApp",
	"Incoming Call",
	"Cold Call",
	"E-mail",
	"Customer Referral",
	"Partner",
	"Exhibition or Conference",
	"Google Ads",
	"Walk-in",
]
SEGMENTS = ("Government", "Enterprise", "Small and Medium Enterprises", "Retail", "Individuals")
TYPES = ("Sales", "Support", "Maintenance")
REASONS = (
	"Price Too High",
	"Chose a Competitor",
	"No Decision",
	"No Budget",
	"Project Postponed",
	"Missing Feature or Specification",
)
OPEN_STAGES = {"Prospecting": 10, "Qualification": 25, "Proposal": 50, "Negotiation": 75}
WON_STAGE, LOST_STAGE = "Closed Won", "Closed Lost"
STAGES = (*OPEN_STAGES, WON_STAGE, LOST_STAGE)
TOUCHES = ("Call", "Call", "Call", "Meeting", "Visit", "E-mail")
ITEMS = [f"BENCH-{number:02d}" for number in range(1, 21)]
USD_RATE = 3.75
MAILBOX = "sales@bench.example"


def _falling(count: int) -> list[float]:
	return list(accumulate(1 / rank for rank in range(1, count + 1)))


_WEIGHTS = {count: _falling(count) for count in (len(SELLERS), len(CAMPAIGNS), len(CITIES), len(SOURCES))}


def skewed(random: Random, values: list[str]) -> str:
	"""One of `values`; the first is drawn most often, the n-th 1/n as often as the first."""
	return random.choices(values, cum_weights=_WEIGHTS[len(values)])[0]


def price(item: str) -> int:
	"""List price of an item, in any currency: 50 to 1,000."""
	return int(item[-2:]) * 50


@cache
def search_key(name: str) -> str:
	"""What our controllers store beside a name; kept, since the same few thousand names come again and again."""
	return arabic.search_key(name)[:140]


def euro_rate(year: int, month: int) -> float:
	"""Company currency for one euro in a month: it moves, so that a report which takes today's rate can be told."""
	return round(4.0 + 0.05 * ((year * 12 + month) % 9), 2)
