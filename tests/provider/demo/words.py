"""What people write on an ordinary day: to a shop for office furniture in Riyadh, in the words of Saudi customers and of newcomers.

A talk is a list of lines. A line: who ("c" customer, "b" business), minutes after the line before, what ("text" unless named), words.
"""

from __future__ import annotations

WHATSAPP, MESSENGER, INSTAGRAM = "WhatsApp", "Messenger", "Instagram"

ARABIC_NAMES = (
	*("سارة القحطاني", "عبدالله الشهري", "نورة العتيبي", "فهد الدوسري", "ريم الحربي", "تركي المطيري"),
	*("هند الغامدي", "ماجد الزهراني", "لمى السبيعي", "خالد العنزي", "أمل الشمري", "سلطان البقمي"),
)
ENGLISH_NAMES = ("Priya Nair", "John Mathew", "Maria Santos", "Ahmed Farouk", "Emma Clarke", "Bilal Hussain")
ITEMS = ("كرسي مكتب طبي", "مكتب مدير 180 سم", "طاولة اجتماعات لثمانية", "خزانة ملفات", "كنب استقبال ثلاثي")
ITEMS_EN = ("ergonomic chair", "standing desk", "meeting table for eight", "filing cabinet", "reception sofa")
CITIES = ("الرياض", "جدة", "الدمام", "الخبر", "أبها", "بريدة")

PRICE = (
	("c", 0, "text", "السلام عليكم، كم سعر {item}؟"),
	("c", 1, "text", "وهل عندكم توصيل إلى {city}؟"),
	(
		"b",
		6,
		"text",
		"وعليكم السلام، حياك الله. السعر 1,250 ريال شامل الضريبة، والتوصيل إلى {city} خلال 3 أيام.",
	),
	("c", 4, "text", "ممتاز، أحتاج 6 قطع. ممكن عرض سعر باسم المؤسسة؟"),
	("b", 9, "pdf", "عرض السعر.pdf"),
	("c", 12, "reaction", "👍"),
)
BARGAIN = (
	("c", 0, "text", "أبغى {item} بس السعر مرتفع، فيه خصم على الكمية؟"),
	("c", 2, "image", "مثل هذا"),
	("b", 15, "text", "نعم، خصم 10% من 5 قطع فأكثر."),
	("c", 3, "text", "طيب خلوها 8 وأنا معكم"),
)
SHOWROOM = (
	("c", 0, "text", "وين موقع المعرض؟ وهل تفتحون الجمعة؟"),
	("b", 5, "text", "طريق الملك فهد، العليا. الجمعة من 4 العصر إلى 11 مساءً."),
	("c", 1, "location", "المكتب"),
	("c", 1, "text", "هذا موقعي، كم تبعدون؟"),
)
LATE = (
	("c", 0, "text", "طلبي رقم 4471 متأخر 5 أيام وما أحد يرد!!"),
	("c", 1, "text", "تواصلت معكم ثلاث مرات، هذا إهمال وأبغى أرفع شكوى"),
	("b", 22, "text", "نعتذر منك جدًا. الطلب مع شركة الشحن ويصلك غدًا قبل الظهر، وتواصلت مع المندوب بنفسي."),
	("c", 7, "text", "إن شاء الله، بس لازم تعويض عن التأخير"),
)
BROKEN = (
	("c", 0, "text", "وصلني {item} وفيه كسر في القاعدة"),
	("c", 1, "image", "صورة الكسر"),
	("c", 1, "voice", ""),
	("b", 11, "text", "آسفين على ذلك. القطعة تحت الضمان، يزورك الفني غدًا. أي وقت يناسبك؟"),
	("c", 3, "edit", "بعد العصر، الساعة 5"),
)
INVOICE = (
	("c", 0, "text", "ممكن ترسلون الفاتورة الضريبية لآخر طلب؟ الرقم الضريبي للمنشأة 310122393500003"),
	("b", 8, "pdf", "SINV-2026-00118.pdf"),
	("c", 2, "text", "وصلت، شكرًا لكم 🌷"),
)
THANKS = (
	("c", 0, "text", "الله يعطيكم العافية، الكراسي ممتازة والتركيب سريع"),
	("b", 3, "text", "الله يعافيك، سعدنا بخدمتك."),
	("c", 1, "reaction", "❤️"),
)
TENDER = (
	("c", 0, "text", "نجهز مقرًا جديدًا في {city}، 40 محطة عمل وغرفتي اجتماعات. من المسؤول عن مبيعات الشركات؟"),
	("c", 2, "pdf", "جدول الكميات.pdf"),
	("c", 1, "text", "نحتاج العرض قبل نهاية الأسبوع مع مدة التنفيذ"),
)
WRONG = (
	("c", 0, "text", "لو سمحت هذا رقم المطعم؟"),
	("b", 2, "text", "لا، هنا شركة أثاث مكتبي."),
	("c", 1, "text", "آسف، الرقم غلط"),
	("c", 0, "delete", ""),
)
ENGLISH_PRICE = (
	("c", 0, "text", "Hello, how much is the {item_en}? Do you deliver to compounds?"),
	("b", 7, "text", "Hello! It is SAR 1,250 including VAT, and yes, we deliver and assemble it for you."),
	("c", 2, "text", "Great. Can I pay with mada on delivery?"),
)
ENGLISH_HELP = (
	(
		"c",
		0,
		"text",
		"The {item_en} I bought last month does not go up any more. It is still under warranty.",
	),
	("c", 1, "image", "this lever"),
	("b", 30, "text", "Sorry about that. A technician can come tomorrow between 4 and 6 pm. Does that work?"),
	("c", 5, "text", "Yes please, flat 12, gate 3"),
)
ENGLISH_REFUND = (
	(
		"c",
		0,
		"text",
		"I returned two chairs three weeks ago and still have no refund. This is not acceptable.",
	),
	("c", 3, "text", "Order 5120. Please escalate this to your manager"),
)
STORY = (
	("c", 0, "share", "عرض نهاية العام"),
	("c", 0, "text", "هذا العرض لا زال موجود؟"),
	("b", 9, "text", "نعم إلى نهاية الشهر."),
	("c", 1, "heart", ""),
)
ODD = (
	("c", 0, "unsupported", ""),
	("c", 1, "text", "أرسلت لكم تصويت عن اللون، أي واحد متوفر؟"),
)

# (channel, English speaker?, talks)
DAY = (
	(WHATSAPP, False, (PRICE, LATE, BROKEN, INVOICE, TENDER, SHOWROOM, THANKS, ODD, WRONG, BARGAIN)),
	(WHATSAPP, True, (ENGLISH_PRICE, ENGLISH_HELP, ENGLISH_REFUND)),
	(MESSENGER, False, (PRICE, SHOWROOM, LATE, INVOICE)),
	(MESSENGER, True, (ENGLISH_PRICE, ENGLISH_REFUND)),
	(INSTAGRAM, False, (STORY, PRICE, THANKS, BARGAIN, STORY)),
	(INSTAGRAM, True, (ENGLISH_PRICE, ENGLISH_HELP)),
)
