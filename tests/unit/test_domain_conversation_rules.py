"""Rules about conversations: whole words in Arabic as people type it, which rule speaks, and the rules that are shipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dafater_crm
from dafater_crm.domain import conversation_rules as rules
from dafater_crm.domain.conversation_rules import Facts, Finding, Rule

SHIPPED = Path(dafater_crm.__file__).parent / "setup" / "data" / "conversation_rules.json"


def shipped() -> list[Rule]:
	rows = json.loads(SHIPPED.read_text(encoding="utf-8"))["Dafater Conversation Rule"]
	rows.sort(key=lambda row: -row["priority"])
	return [
		Rule(
			name=row["title"],
			keywords=rules.compiled(row["keywords"]),
			conversation_class=row["conversation_class"],
			priority=row.get("set_priority"),
		)
		for row in rows
	]


def facts(*messages: str, **values) -> Facts:
	return Facts(
		**{"channel": "WhatsApp", "account": "متجر", "person": "Stranger", "messages": messages, **values}
	)


@pytest.mark.parametrize(
	("message", "keyword"),
	[
		("عندي شكوي", "شكوى"),
		("إلى الإدارة: شَكْوَى", "شكوى"),
		("ابغي ارفع الشكـــوى", "شكوى"),
		("بخصوص شكوتكم، والشكوى رقم 5", "شكوى"),
		("كم السعر؟", "سعر"),
		("كم سعر", "السعر"),
		("للسعر وبالسعر", "سعر"),
		("وبسعركم", "سعر"),
		("سعرها كم", "سعر"),
		("فين فاتورتي", "فاتورة"),
		("بخصوص الالتزام", "التزام"),
		("غااااالي", "غالي"),
		("ظمان سنتين", "ضمان"),
		("بچم هذا", "بكم"),
		("السلام عليكم، ما وصل الطلب", "ما وصل"),
		("ما  وصلني.. شي", "ما وصل"),
		("أبغى عرض سعر للشركة", "عرض سعر"),
		("I HAVEN\u2019T received it", "havent received"),
		("pleeeease refuuund me", "refund"),
		("iPhone ١٥ متوفر", "15"),
		("ﺷﻜﻮﻯ", "شكوى"),
		("هل المنتج متوفره", "متوفرة"),
	],
)
def test_a_keyword_is_found_as_people_type_it(message: str, keyword: str) -> None:
	assert rules.contains(message, keyword)


@pytest.mark.parametrize(
	("message", "keyword"),
	[
		("كم سعرة حرارية فيه", "سعر"),
		("معارض الرياض", "عرض"),
		("متى عطلة العيد", "عطل"),
		("شكرا لكم", "شكوى"),
		("وصل الطلب ما في مشكلة", "ما وصل"),
		("priceless", "price"),
		("عرض\nسعر".replace("\n", " كبير "), "عرض سعر"),
		("الله يعافيك", "لله"),
		("", "سعر"),
		("؟؟ !!", "سعر"),
	],
)
def test_and_not_within_other_words(message: str, keyword: str) -> None:
	assert not rules.contains(message, keyword)


def test_a_keyword_without_letters_is_left_out() -> None:
	assert rules.compiled(["؟", " ", "سعر"]) == rules.compiled(["سعر"])


def test_a_phrase_does_not_reach_from_one_message_into_the_next() -> None:
	rule = Rule("r", rules.compiled(["عرض سعر"]), conversation_class="Sales")
	assert rules.evaluate([rule], facts("عرض", "سعر")).conversation_class is None
	assert rules.evaluate([rule], facts("مرحبا", "عرض سعر")).conversation_class == Finding(
		"Sales", "r", "عرض سعر"
	)


def test_each_thing_comes_from_the_first_rule_that_says_something_about_it() -> None:
	found = rules.evaluate(
		[
			Rule("vip", for_customers="Existing Customer", priority="Urgent"),
			Rule(
				"broken",
				rules.compiled(["خربان"]),
				conversation_class="Support",
				priority="High",
				skill="فني",
			),
			Rule("page", channel="Instagram", team="التواصل", conversation_class="Sales"),
		],
		facts("الجهاز خربان", channel="Instagram", person="Existing Customer"),
	)
	assert found.priority == Finding("Urgent", "vip")
	assert found.conversation_class == Finding("Support", "broken", "خربان")
	assert found.skill == Finding("فني", "broken", "خربان")
	assert found.team == Finding("التواصل", "page")


@pytest.mark.parametrize(
	"rule",
	[
		Rule("r", channel="Messenger", conversation_class="Sales"),
		Rule("r", account="فرع جدة", conversation_class="Sales"),
		Rule("r", for_customers="Existing Customer", conversation_class="Sales"),
		Rule("r", rules.compiled(["سعر"]), conversation_class="Sales"),
	],
)
def test_a_rule_for_others_does_not_speak(rule: Rule) -> None:
	assert rules.evaluate([rule], facts("مرحبا")) == rules.Outcome()


@pytest.mark.parametrize(
	("present", "source", "new", "expected"),
	[
		(None, None, "Sales", True),
		("Sales", "Account", "Support", True),
		("Sales", "Rule", "Support", False),
		("Sales", "Rule", "Complaint", True),
		("Complaint", "Rule", "Sales", False),
		("Sales", "Agent", "Complaint", False),
		(None, "Agent", "Complaint", False),
		("Sales", "Rule", "Sales", False),
	],
)
def test_when_a_rule_may_set_the_class(present, source, new, expected) -> None:
	assert rules.class_may_become(present, source, new) is expected


SAID = {
	"Complaint": """
		عندي شكوى على الفرع
		الطلب تأخر اسبوعين ولا احد رد علي
		وصلني المنتج مكسووور
		للحين ما وصلت الشحنة وش السالفة
		خدمتكم سيئة جداً
		ابغى استرجاع المبلغ لو سمحتوا
		انتو نصابين رجعوا فلوسي
		الأوردر موصلش لحد دلوقتي
		محدش بيرد عليا من امبارح
		انا مش راضي عن الخدمة
		لسا ما وصلني شي من عندكم
		ما حدا بيرد عالتلفون
		المنتج اللي وصل غير مطابق للصورة
		والله ماني راضي عن تعاملكم
		سأتقدم بشكوى إلى وزارة التجارة
		I want a refund
		My order has not arrived yet
		This is unacceptable, nobody answers the phone
		The item came damaged
		worst service ever
	""",
	"Support": """
		الجهاز ما يشتغل من امس
		عندي مشكلة في البرنامج
		المكيف خربان وابي فني
		نسيت كلمة المرور
		وين طلبي؟ رقمه 4432
		التطبيق مش شغال عندي
		الماكينة بايظة وعايز حد يصلحها
		فين الأوردر بتاعي
		ما عم يفتح البرنامج معي
		كيف أستخدم الطابعة؟
		ابغى الغاء الطلب
		ممكن استبدال المقاس؟
		لو سمحت أحتاج نسخة من الفاتورة
		تطلع لي رسالة خطأ
		شلون اسوي صيانة للمكيف
		The printer is not working
		I need help with my account
		How do I use the scanner?
		Where is my order?
		I can't log in
	""",
	"Sales": """
		السلام عليكم كم سعر المكيف
		بكم هذا؟
		ابغى عرض سعر لـ 20 جهاز
		وش أسعاركم
		حابب أشتري بالجملة
		عندكم تقسيط؟
		المنتج متوفر باللون الأسود؟
		بكام الشاشة دي
		عايز اطلب اتنين
		قديش سعرها وبتوصلوا على جدة؟
		في خصم للكميات؟
		ممكن الكتالوج لو سمحت
		شنو السعر وكم التوصيل
		أرغب في الاشتراك بالباقة السنوية
		ممكن يتواصل معي مندوب
		How much is it?
		Can I get a quotation for 50 units
		Is it available in Jeddah?
		I'm interested in your subscription packages
		do you sell spare parts
	""",
	None: """
		السلام عليكم ورحمة الله وبركاته
		مرحبا
		شكرا جزيلا
		صباح الخير
		متى عطلة العيد؟
		وين موقعكم
		هلا والله
		تمام الله يعطيك العافية
		ok thanks
		Hello
	""",
}


@pytest.mark.parametrize(
	("expected", "message"),
	[(kind, line.strip()) for kind, lines in SAID.items() for line in lines.strip().splitlines()],
)
def test_the_shipped_rules_know_what_people_say(expected: str | None, message: str) -> None:
	found = rules.evaluate(shipped(), facts(message)).conversation_class
	assert (found.value if found else None) == expected, found


def test_shipped_complaints_are_urgent_and_win() -> None:
	found = rules.evaluate(shipped(), facts("كم سعر الجهاز؟ الأول وصل مكسور وما يشتغل"))
	assert (found.conversation_class.value, found.priority.value) == ("Complaint", "High")


def test_shipped_keywords_are_spelled_once() -> None:
	for rule in shipped():
		patterns = [pattern for _typed, pattern in rule.keywords]
		assert len(set(patterns)) == len(patterns), rule.name
