"""Made-up Saudi leads with known duplicates. Nothing here is shared with the matching rules.

Names come from `names.txt`, drawn by weight. Rows are written as people type them; the truth (which rows are one person
or branch) is returned beside them, never in them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from pathlib import Path

NAMES = Path(__file__).with_name("names.txt")

HEADINGS = (
	"الاسم",
	"المنشأة",
	"الجوال",
	"الهاتف",
	"البريد الإلكتروني",
	"المدينة",
	"السجل التجاري",
	"رقم الهوية",
)
SHARE_OF_DUPLICATES = 0.10


@dataclass(frozen=True)
class Level:
	"""How much happens to a duplicate: changes a copy, and how often phone, e-mail and employer are lost."""

	name: str
	changes: tuple[int, int]
	lost: float
	unreachable: float  # copies that share neither phone nor e-mail with the original


LEVELS = {
	"easy": Level("easy", (1, 1), 0.10, 0.0),
	"normal": Level("normal", (1, 2), 0.25, 0.02),
	"hard": Level("hard", (2, 4), 0.40, 0.05),
}


@dataclass(frozen=True)
class Name:
	arabic: str
	latin: tuple[str, ...]


@dataclass
class Pool:
	"""Things to draw from, with their weights."""

	names: list[Name] = field(default_factory=list)
	weights: list[int] = field(default_factory=list)

	def draw(self, rng: random.Random) -> Name:
		return rng.choices(self.names, self.weights)[0]


@dataclass(frozen=True)
class Company:
	arabic: str
	latin: str
	city: Name
	phone: str
	cr_number: str
	domain: str


@dataclass(frozen=True)
class Lead:
	"""One true entity. ``names`` are given, father, (grandfather,) family; a company's own row has none."""

	entity: int
	names: tuple[Name, ...] = ()
	company: Company | None = None
	mobile: str = ""
	phone: str = ""
	email: str = ""
	city: Name | None = None
	national_id: str = ""


@dataclass
class Data:
	rows: list[list[str]]
	truth: list[int]
	changes: list[tuple[str, ...]]  # what was done to each row; () for an original


def read_pools() -> dict[str, Pool]:
	pools: dict[str, Pool] = {}
	for line in NAMES.read_text(encoding="utf-8").splitlines():
		if line.startswith("["):
			pool = pools.setdefault(line.strip("[]"), Pool())
		elif line and not line.startswith("#"):
			arabic, weight, latin = _parse(line)
			pool.names.append(Name(arabic, latin))
			pool.weights.append(weight)
	return pools


def _parse(line: str) -> tuple[str, int, tuple[str, ...]]:
	words = line.split()
	place = next(index for index, word in enumerate(words) if word.isdigit())
	latin = tuple(word.replace("_", " ") for word in words[place + 1 :])
	return " ".join(words[:place]).replace("_", " "), int(words[place]), latin


class Generator:
	"""Draws leads and spoils copies of them; everything follows from the seed."""

	def __init__(self, seed: int, level: Level) -> None:
		self.rng = random.Random(seed)
		self.level = level
		self.pools = read_pools()
		self.used: set[str] = set()
		self.entities = 0

	def generate(self, rows: int) -> Data:
		"""Return so many rows, a tenth of which repeat another one."""
		companies = [self._company() for _ in range(max(5, rows // 20))]
		self.headquarters = companies[:]
		self.rng.shuffle(self.headquarters)
		leads: list[Lead] = []
		originals = rows - int(rows * SHARE_OF_DUPLICATES)
		while len(leads) < originals:
			leads.extend(self._some_leads(companies))
		del leads[originals:]
		written = [(self._write(lead, ()), lead.entity, ()) for lead in leads]
		while len(written) < rows:
			lead = self.rng.choice(leads)
			# One in four is there a third time.
			for _ in range(1 if self.rng.random() < 0.75 else 2):
				written.append(self._spoiled(lead))
		del written[rows:]
		self.rng.shuffle(written)
		return Data([row for row, _, _ in written], [e for _, e, _ in written], [c for _, _, c in written])

	# ---- truth

	def _some_leads(self, companies: list[Company]) -> list[Lead]:
		"""Mostly one person; also families with one phone, namesakes, companies with branches, offices."""
		luck = self.rng.random()
		if luck < 0.06:
			return self._family(companies)
		if luck < 0.08:
			return self._namesakes(companies)
		if luck < 0.13 and self.headquarters:
			# Each company's own rows are written once: a second set would be duplicates that nobody planted.
			return self._branches(self.headquarters.pop())
		if luck < 0.15:
			return self._office(self.rng.choice(companies))
		return [self._person(companies)]

	def _person(self, companies: list[Company], names: tuple[Name, ...] | None = None) -> Lead:
		rng = self.rng
		names = names or self._names()
		company = rng.choice(companies) if rng.random() < 0.4 else None
		mobile = self._mobile() if rng.random() < 0.92 else ""
		email = self._email(names, company) if rng.random() < 0.55 or not mobile else ""
		return Lead(
			self._entity(),
			names,
			company,
			mobile,
			company.phone if company and rng.random() < 0.5 else "",
			email,
			company.city if company else self.pools["cities"].draw(rng) if rng.random() < 0.85 else None,
			self._national_id() if rng.random() < 0.05 else "",
		)

	def _family(self, companies: list[Company]) -> list[Lead]:
		"""A father and his children, who all gave his number; the eldest is often named after his grandfather."""
		father = self._person(companies, (self._given(), *self._names(length=3)[1:]))
		mobile = father.mobile or self._mobile()
		father = replace(father, mobile=mobile)
		members = [father]
		for place in range(self.rng.randint(1, 3)):
			given = father.names[1] if place == 0 and self.rng.random() < 0.4 else self._given()
			if any(given == member.names[0] for member in members):
				continue
			names = (given, father.names[0], father.names[-1])
			child = self._person(companies, names)
			members.append(replace(child, mobile=mobile, city=father.city, company=None, phone=""))
		return members

	def _namesakes(self, companies: list[Company]) -> list[Lead]:
		"""Two to four people with one common name, each with a phone of their own; half of such sets work in one company,
		as two of one name in a large firm do."""
		names = self._names(length=self.rng.choice((2, 2, 3)))
		if self.rng.random() < 0.5:
			employer = self.rng.choice(companies)
			people = [self._employee(employer, names) for _ in range(self.rng.randint(2, 4))]
		else:
			people = [self._person(companies, names) for _ in range(self.rng.randint(2, 4))]
		return [replace(person, mobile=person.mobile or self._mobile()) for person in people]

	def _employee(self, company: Company, names: tuple[Name, ...]) -> Lead:
		person = self._person([company], names)
		return replace(person, company=company, city=company.city)

	def _branches(self, company: Company) -> list[Lead]:
		"""A company's own rows: one branch a city, with one CR and sometimes one number for all."""
		cities = [company.city]
		while len(cities) < self.rng.choice((1, 1, 2, 3)):
			city = self.pools["cities"].draw(self.rng)
			if city not in cities:
				cities.append(city)
		shared = self.rng.random() < 0.3
		return [
			Lead(
				self._entity(),
				(),
				company,
				"",
				company.phone if shared or place == 0 else self._landline(),
				f"info@{company.domain}" if self.rng.random() < 0.5 else "",
				city,
			)
			for place, city in enumerate(cities)
		]

	def _office(self, company: Company) -> list[Lead]:
		"""Colleagues reached by the switchboard alone, a few by the company's address."""
		size = self.rng.choice((3, 5, 8, 20))
		return [
			Lead(
				self._entity(),
				self._names(),
				company,
				"",
				company.phone,
				f"info@{company.domain}" if self.rng.random() < 0.3 else "",
				company.city,
			)
			for _ in range(size)
		]

	def _entity(self) -> int:
		self.entities += 1
		return self.entities

	def _given(self) -> Name:
		return self.pools["men"].draw(self.rng)

	def _names(self, length: int | None = None) -> tuple[Name, ...]:
		rng = self.rng
		given = self.pools["women" if rng.random() < 0.25 else "men"].draw(rng)
		length = length or rng.choices((2, 3, 4), (30, 55, 15))[0]
		middle = tuple(self._given() for _ in range(length - 2))
		return (given, *middle, self.pools["families"].draw(rng))

	def _company(self) -> Company:
		rng = self.rng
		name, activity = self.pools["companies"].draw(rng), self.pools["activities"].draw(rng)
		owner = self.pools["families"].draw(rng)
		kind = rng.choice((("شركة", "Co."), ("مؤسسة", "Est."), ("شركة", "Company"), ("", "LLC")))
		# Half are named after their owner too, as small firms are.
		own = (owner.arabic, owner.latin[0]) if rng.random() < 0.5 else ("", "")
		arabic = " ".join(filter(None, (kind[0], name.arabic, own[0], activity.arabic)))
		latin = " ".join(filter(None, (name.latin[0], own[1], activity.latin[0], kind[1])))
		domain = self._unique(
			lambda: f"{name.latin[0].replace('-', '').lower()}{rng.randint(1, 9999)}.com.sa"
		)
		cr_number = self._unique(
			lambda: str(rng.choice((1010, 4030, 2050, 7001)) * 10**6 + rng.randint(1, 999999))
		)
		return Company(arabic, latin, self.pools["cities"].draw(rng), self._landline(), cr_number, domain)

	def _unique(self, make) -> str:
		value = make()
		while value in self.used:
			value = make()
		self.used.add(value)
		return value

	def _mobile(self) -> str:
		prefixes = ("50", "53", "54", "55", "56", "58", "59")
		return self._unique(lambda: self.rng.choice(prefixes) + f"{self.rng.randint(0, 9999999):07d}")

	def _landline(self) -> str:
		# Area and first digit of exchanges that exist: Riyadh, Jeddah, Dammam, Madinah, Qassim, Abha.
		areas = ("112", "114", "122", "126", "138", "148", "163", "172")
		return self._unique(lambda: self.rng.choice(areas) + f"{self.rng.randint(0, 999999):06d}")

	def _email(self, names: tuple[Name, ...], company: Company | None) -> str:
		rng = self.rng
		given, family = (
			name.latin[0].lower().replace("-", "").replace("'", "") for name in (names[0], names[-1])
		)
		host = (
			company.domain
			if company and rng.random() < 0.6
			else rng.choice(("gmail.com", "hotmail.com", "outlook.sa", "yahoo.com", "icloud.com"))
		)
		shapes = (f"{given}.{family}", f"{given[0]}.{family}", f"{given}{family}", f"{given}_{family}")
		local = rng.choice(shapes).replace(" ", "")
		return self._unique(
			lambda: f"{local}{rng.choice(('', rng.randint(1, 99), rng.randint(1970, 2005)))}@{host}"
		)

	def _national_id(self) -> str:
		def make() -> str:
			digits = [self.rng.choice((1, 2))] + [self.rng.randint(0, 9) for _ in range(8)]
			doubled = sum(
				sum(divmod(2 * digit, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits)
			)
			return "".join(map(str, digits)) + str(-doubled % 10)

		return self._unique(make)

	# ---- what people make of it

	def _write(self, lead: Lead, changes: tuple[str, ...]) -> list[str]:
		latin = "latin" in changes
		name = self._written_name(lead.names, changes)
		company = ""
		if lead.company:
			company = lead.company.latin if "company_latin" in changes else lead.company.arabic
		city = ""
		if lead.city:
			city = self.rng.choice(lead.city.latin) if latin or "city_latin" in changes else lead.city.arabic
		cr_number = (
			lead.company.cr_number if lead.company and not lead.names and self.rng.random() < 0.5 else ""
		)
		mobile = self._written_mobile(lead.mobile)
		phone = self._written_phone(lead.phone)
		return [name, company, mobile, phone, lead.email, city, cr_number, lead.national_id]

	def _written_name(self, names: tuple[Name, ...], changes: tuple[str, ...]) -> str:
		if not names:
			return ""
		rng = self.rng
		words = [rng.choice(name.latin) if "latin" in changes else name.arabic for name in names]
		if "shorter" in changes and len(words) > 2:
			del words[1:-1]
		if "bin" in changes and len(words) > 2:
			words.insert(1, "bin" if "latin" in changes else "بن")
		if "typo" in changes:
			words = self._with_typo(words)
		if "spelling" in changes:
			words = [self._respelled(word) for word in words]
		if "swapped" in changes:
			comma = rng.choice(("", "", "،" if "latin" not in changes else ","))
			words = [words[-1] + comma, *words[:-1]]
		if "title" in changes:
			titles = (
				("Mr.", "Eng.", "Dr.") if "latin" in changes else ("أ.", "م.", "د.", "المهندس", "الأستاذ")
			)
			words.insert(0, rng.choice(titles))
		return " ".join(words)

	def _with_typo(self, words: list[str]) -> list[str]:
		"""A letter left out, doubled, exchanged with its neighbour or replaced, in a word of four letters or more."""
		rng = self.rng
		long = [place for place, word in enumerate(words) if len(word) >= 4] or [len(words) - 1]
		place = rng.choice(long)
		word = words[place]
		at = rng.randint(1, len(word) - 2) if len(word) > 2 else 0
		kind = rng.choice(("drop", "double", "exchange", "replace"))
		letters = "abcdefghijklmnoprstuy" if word.isascii() else "ابتجحدرسعفقكلمنهوي"
		words[place] = {
			"drop": word[:at] + word[at + 1 :],
			"double": word[:at] + word[at] + word[at:],
			"exchange": word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
			"replace": word[:at] + rng.choice(letters) + word[at + 1 :],
		}[kind]
		return words

	def _respelled(self, word: str) -> str:
		"""As others write Arabic: bare alif, ه for ة, ى for ي, عبد apart, tatweel, tashkeel."""
		rng = self.rng
		for one, other in (("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ة", "ه"), ("ؤ", "و"), ("ئ", "ي")):
			if rng.random() < 0.8:
				word = word.replace(one, other)
		if word.endswith("ي") and rng.random() < 0.6:
			word = word[:-1] + "ى"
		if word.startswith("عبدال") and rng.random() < 0.6:
			word = f"عبد {word[3:]}"
		if word == "محمد" and rng.random() < 0.2:
			word = "مُحمّد"
		if not word.isascii() and rng.random() < 0.05:
			word = word[:2] + "ـ" + word[2:]
		return word

	def _written_mobile(self, number: str) -> str:
		if not number:
			return ""
		form = self.rng.randrange(9)
		plain = (
			f"0{number}",
			f"0{number}",
			f"+966{number}",
			f"966{number}",
			f"00966{number}",
			f"+966 {number[:2]} {number[2:5]} {number[5:]}",
			f"0{number[:2]}-{number[2:5]}-{number[5:]}",
			number,
			f"0{number}",
		)[form]
		return plain.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")) if form == 8 else plain

	def _written_phone(self, number: str) -> str:
		if not number:
			return ""
		return self.rng.choice(
			(f"0{number}", f"0{number[:2]} {number[2:]}", f"+966{number}", f"(0{number[:2]}) {number[2:]}")
		)

	# ---- duplicates

	def _spoiled(self, lead: Lead) -> tuple[list[str], int, tuple[str, ...]]:
		rng, level = self.rng, self.level
		if lead.names:
			kinds = [
				"typo",
				"swapped",
				"spelling",
				"spelling",
				"latin",
				"shorter",
				"title",
				"bin",
				"format",
				"city_latin",
			]
		else:
			kinds = ["company_latin", "company_typo", "format", "city_latin"]
		changes = tuple(dict.fromkeys(rng.choices(kinds, k=rng.randint(*level.changes))))
		copy, lost = self._lossy(lead)
		if "company_typo" in changes:
			words = copy.company.arabic.split()
			company = replace(copy.company, arabic=" ".join(self._with_typo(words)))
			copy = replace(copy, company=company)
		if lead.names and rng.random() < 0.3:
			changes += ("company_latin",)
		return self._write(copy, changes), lead.entity, (*changes, *lost) or ("same",)

	def _lossy(self, lead: Lead) -> tuple[Lead, tuple[str, ...]]:
		"""Leave something out, or change it, while the row can still be known for what it is."""
		rng, level = self.rng, self.level
		lost: list[str] = []
		personal = {"mobile": lead.mobile, "email": "" if lead.email.startswith("info@") else lead.email}
		reachable = [kind for kind, value in personal.items() if value]
		if lead.names and lead.company and reachable and rng.random() < level.unreachable:
			# Only name, employer and city are left.
			return replace(lead, mobile="", email="", phone=""), ("unreachable",)
		if len(reachable) == 2 and rng.random() < level.lost:
			kind = rng.choice(("no_mobile", "no_email", "new_mobile", "digit"))
			lost.append(kind)
			if kind == "no_email":
				lead = replace(lead, email="")
			else:
				lead = replace(
					lead,
					mobile={"no_mobile": "", "new_mobile": self._mobile()}.get(
						kind, _digit(lead.mobile, rng)
					),
				)
		if lead.names and lead.company and reachable and rng.random() < level.lost:
			lost.append("no_company")
			lead = replace(lead, company=None, phone="")
		if lead.city and rng.random() < level.lost and lead.names:
			lost.append("no_city")
			lead = replace(lead, city=None)
		if lead.national_id and rng.random() < 0.5:
			lead = replace(lead, national_id="")
		return lead, tuple(lost)


def _digit(mobile: str, rng: random.Random) -> str:
	"""One digit mistyped."""
	at = rng.randint(2, len(mobile) - 1)
	return mobile[:at] + str((int(mobile[at]) + rng.randint(1, 9)) % 10) + mobile[at + 1 :]
