"""The headings under which files hold the fields of a lead: Arabic and English as people write them, and the exports
of Excel, Outlook, Google Contacts, Odoo, HubSpot and ERPNext.

Compared folded (`headings.heading_key`): case, punctuation, hamza and a trailing number do not matter.
"""

from __future__ import annotations

# first_name, middle_name and last_name are joined to lead_name; extra_phone is what has no kind in its heading.
HEADINGS: dict[str, tuple[str, ...]] = {
	"lead_name": (
		"name", "full name", "lead name", "contact name", "contact", "person", "contact person", "customer name", "client name",
		"client", "display name", "file as", "person name", "lead", "customer", "name (arabic)", "arabic name", "name in arabic",
		"name ar", "full name arabic",
		"الاسم", "اسم", "الاسم الكامل", "الاسم كامل", "اسم العميل", "العميل", "اسم العميل المحتمل", "العميل المحتمل", "اسم الشخص",
		"جهة الاتصال", "اسم جهة الاتصال", "الشخص المسؤول", "اسم المسؤول", "المسؤول", "الاسم بالعربي", "الاسم بالعربية",
		"الاسم العربي", "الاسم الرباعي", "الاسم الثلاثي", "اسم المشترك", "اسم المستفيد", "الشخص", "الأسماء",
	),
	"lead_name_latin": (
		"name in latin letters", "latin name", "english name", "name (english)", "name in english", "name en",
		"full name english", "lead name latin",
		"الاسم بالانجليزي", "الاسم بالإنجليزية", "الاسم الانجليزي", "الاسم بالأحرف اللاتينية", "الاسم اللاتيني", "الاسم انجليزي",
	),
	"first_name": (
		"first name", "given name", "firstname", "forename", "الاسم الأول", "الاسم الاول للعميل", "اسم اول", "fname",
	),
	"middle_name": (
		"middle name", "additional name", "second name", "father name", "اسم الأب", "الاسم الأوسط", "اسم الاب", "الاسم الثاني",
	),
	"last_name": (
		"last name", "family name", "surname", "lastname", "lname", "اسم العائلة", "العائلة", "اللقب العائلي", "الاسم الأخير",
		"اسم القبيلة", "القبيلة", "الكنية",
	),
	"organisation_name": (
		"company", "company name", "organization", "organisation", "organization name", "organisation name", "account",
		"account name", "associated company", "partner name", "employer", "business name", "establishment", "firm",
		"company name (arabic)", "parent company", "related company",
		"الشركة", "اسم الشركة", "المنشأة", "اسم المنشأة", "المؤسسة", "اسم المؤسسة", "الجهة", "اسم الجهة", "جهة العمل", "المنظمة",
		"اسم المنظمة", "مكان العمل", "الاسم التجاري", "شركة", "منشأة", "مؤسسة", "جهة",
	),
	"organisation_name_latin": (
		"company name (english)", "company name in english", "company english", "organisation in latin letters",
		"اسم الشركة بالانجليزي", "اسم الشركة بالإنجليزية", "اسم المنشأة بالانجليزي",
	),
	"mobile_no": (
		"mobile", "mobile no", "mobile number", "mobile phone", "mobile phone number", "cell", "cell phone", "cellphone", "gsm",
		"mob", "mobile no.", "cell number",
		"الجوال", "جوال", "رقم الجوال", "رقم جوال", "الموبايل", "موبايل", "رقم الموبايل", "المحمول", "رقم المحمول", "الهاتف الجوال",
		"الهاتف المحمول", "هاتف جوال", "النقال", "الهاتف النقال", "رقم النقال", "جوال العميل", "رقم جوال العميل",
	),
	"phone": (
		"phone", "phone no", "phone number", "telephone", "tel", "tel no", "landline", "work phone", "office phone",
		"business phone", "home phone", "company phone", "primary phone", "main phone", "other phone", "contact number",
		"contact no", "phone 1 - value", "phone 2 - value", "telephone number", "phone ext",
		"الهاتف", "هاتف", "رقم الهاتف", "رقم هاتف", "تلفون", "التلفون", "رقم التلفون", "تليفون", "هاتف ثابت", "الهاتف الثابت",
		"هاتف العمل", "هاتف المكتب", "رقم التواصل", "رقم الاتصال", "أرقام التواصل", "الرقم", "هاتف آخر", "رقم آخر", "الثابت",
	),
	"whatsapp_no": (
		"whatsapp", "whatsapp no", "whatsapp number", "whats app", "wa number", "whatsapp phone number",
		"واتساب", "الواتساب", "رقم الواتساب", "رقم واتساب", "واتس اب", "الواتس", "واتس", "رقم الواتس",
	),
	"email_id": (
		"email", "e-mail", "email id", "email address", "e-mail address", "mail", "e-mail 1 - value", "email from", "work email",
		"primary email", "business email", "personal email", "other email", "secondary email", "email 2 address",
		"البريد", "البريد الإلكتروني", "البريد الالكتروني", "بريد إلكتروني", "الايميل", "ايميل", "الإيميل", "عنوان البريد الإلكتروني",
		"بريد", "البريد الاليكتروني", "ايميل العميل",
	),
	"job_title": (
		"job title", "title", "position", "designation", "role", "job", "job position", "function", "occupation",
		"organization title", "organization 1 - title",
		"المسمى الوظيفي", "الوظيفة", "المنصب", "الصفة", "المسمى", "الوظيفه", "مسمى وظيفي", "المهنة",
	),
	"salutation": ("salutation", "prefix", "name prefix", "honorific", "اللقب", "التحية", "لقب"),
	"city": (
		"city", "town", "business city", "home city", "city/town", "address 1 - city", "work city",
		"المدينة", "مدينة", "البلدة", "المدينه", "المدينة / المحافظة", "المحافظة",
	),
	"region": (
		"region", "state", "province", "state/region", "territory", "area", "business state", "state/province", "address 1 - region",
		"المنطقة", "منطقة", "المنطقة الإدارية", "الإقليم", "المنطقه",
	),
	"source": (
		"source", "lead source", "original source", "source id", "medium", "channel", "how did you hear about us",
		"المصدر", "مصدر", "مصدر العميل", "مصدر العميل المحتمل", "القناة", "كيف سمعت عنا", "طريقة التواصل",
	),
	"campaign": (
		"campaign", "campaign name", "campaign id", "ad name", "الحملة", "حملة", "اسم الحملة", "الحملة الإعلانية",
	),
	# where a visit came from, word for word: the links source and campaign are records of the site
	"utm_source": ("utm source", "مصدر utm", "مصدر الزيارة", "مصدر الحركة"),
	"utm_medium": ("utm medium", "وسيط utm", "وسيط الزيارة", "وسيلة utm", "وسيط الإعلان"),
	"utm_campaign": ("utm campaign", "حملة utm", "اسم حملة utm"),
	"utm_content": ("utm content", "محتوى utm", "محتوى الإعلان"),
	"utm_term": ("utm term", "utm keyword", "كلمة utm", "الكلمة المفتاحية", "كلمة البحث"),
	"website": (
		"website", "web site", "web", "url", "website url", "web page", "homepage", "company domain name", "domain", "website 1 - value",
		"الموقع الإلكتروني", "الموقع الالكتروني", "الموقع", "رابط الموقع", "موقع الويب", "موقع الشركة",
	),
	"cr_number": (
		"cr", "cr no", "cr number", "commercial registration", "commercial registration number", "commercial register",
		"registration number", "company registration", "unified number", "700 number", "c.r.", "c.r. no", "company id",
		"السجل التجاري", "رقم السجل التجاري", "سجل تجاري", "س.ت", "رقم السجل", "الرقم الموحد", "رقم المنشأة", "الرقم الوطني الموحد",
		"رقم السجل التجارى",
	),
	"vat_number": (
		"vat", "vat no", "vat number", "vat id", "tax id", "tax number", "trn", "vat registration number", "tax registration number",
		"الرقم الضريبي", "رقم ضريبي", "رقم التسجيل الضريبي", "الضريبي", "رقم ضريبة القيمة المضافة", "الرقم الضريبى",
	),
	"national_id": (
		"national id", "id number", "iqama", "iqama no", "iqama number", "id no", "identity number", "nid", "national id no",
		"رقم الهوية", "الهوية", "الهوية الوطنية", "رقم الهوية الوطنية", "رقم الإقامة", "الإقامة", "السجل المدني", "رقم السجل المدني",
		"الهوية / الإقامة", "رقم البطاقة",
	),
	"no_of_employees": (
		"no of employees", "number of employees", "employees", "company size", "headcount", "عدد الموظفين", "عدد العاملين",
		"حجم الشركة", "حجم المنشأة", "الموظفين",
	),
	"industry": (
		"industry", "sector", "business type", "activity", "line of business", "company type",
		"القطاع", "النشاط", "نوع النشاط", "المجال", "النشاط التجاري", "مجال العمل", "الصناعة", "التخصص",
	),
	"annual_revenue": (
		"annual revenue", "revenue", "turnover", "expected revenue", "الإيرادات السنوية", "الإيراد السنوي", "حجم المبيعات",
	),
	"request": (
		"request", "inquiry", "enquiry", "message", "requirement", "requirements", "interested in", "product interest", "product",
		"service", "details", "request details",
		"الطلب", "طلب", "تفاصيل الطلب", "الاستفسار", "الرسالة", "نص الرسالة", "المنتج المطلوب", "الخدمة المطلوبة", "الاحتياج",
		"المنتج", "الخدمة", "مهتم بـ",
	),
	"request_subject": ("subject", "request subject", "الموضوع", "موضوع الطلب", "عنوان الطلب"),
	"street": (
		"street", "street name", "street address", "address", "address line 1", "address 1 - street", "business street",
		"address 1 - formatted", "full address",
		"الشارع", "شارع", "اسم الشارع", "العنوان", "عنوان", "العنوان الوطني", "عنوان الشارع", "عنوان العميل",
	),
	"district": ("district", "neighborhood", "neighbourhood", "quarter", "الحي", "حي", "اسم الحي", "الحارة"),
	"building_no": ("building no", "building number", "building", "رقم المبنى", "المبنى", "رقم البناية"),
	"secondary_no": ("secondary no", "secondary number", "additional number", "الرقم الفرعي", "الرقم الإضافي", "رقم إضافي"),
	"postal_code": (
		"postal code", "zip", "zip code", "post code", "postcode", "zip/postal code", "business postal code",
		"address 1 - postal code", "الرمز البريدي", "رمز بريدي", "الرمز البريدى",
	),
	"short_address": (
		"short address", "short national address", "national address", "العنوان المختصر", "العنوان الوطني المختصر", "الرمز المختصر",
	),
	"notes": (
		"notes", "note", "comments", "comment", "remarks", "remark", "description", "internal notes", "additional information",
		"ملاحظات", "ملاحظة", "الملاحظات", "تعليق", "التعليقات", "وصف", "الوصف", "معلومات إضافية", "معلومات اضافية",
	),
}  # fmt: skip

# Fields that several columns may hold.
SEVERAL = frozenset(("mobile_no", "phone", "whatsapp_no", "email_id", "notes", "request"))

# Headings of almost any number: they are believed where most of the column is what they say. By content the second may be a 9200 number.
LOOSE = frozenset(("الرقم", "الرقم الموحد"))

# "(English)" behind or before a heading of the other script says in which letters the name is.
LATIN_NAMES = frozenset(
	("english", "en", "eng", "latin", "انجليزي", "بالانجليزي", "بالانجليزية", "انجليزية", "لاتيني")
)
ARABIC_NAMES = frozenset(("arabic", "ar", "عربي", "بالعربي", "بالعربية", "عربية"))

# Any phone, any name: the half of a heading in two languages that says more is believed.
GENERAL = ("lead_name", "phone")
