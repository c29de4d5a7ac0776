"""Words around persons' names, and words that say a name is a company's. Data only, for `titles.py` and `names.py`.

Written as people write them; folded where they are read.
"""

# Before a name; nobody is called so. أ. د. م. ش. stand before a name only, and so one letter alone is a title there.
TITLES = """
السيد السيدة سيد سيدة الأستاذ الأستاذة أستاذ أستاذة الدكتور الدكتورة دكتور دكتورة المهندس المهندسة مهندس مهندسة
الشيخ الشيخة الحاج الحاجة الآنسة الكابتن المحامي المحامية اللواء العقيد العميد البروفيسور الأخ الأخت الملازم الملازم_ثاني ملازم_ثاني
أ د م ش أد دم مد
mr mrs ms miss dr eng engr prof sheikh shaikh shk haji hajj capt sir ustad ustadh ya hrh
"""

# Titles that somebody may also be called: not taken off where one word alone would remain (الأمير محمد is محمد الأمير).
TITLES_OR_NAMES = """
الأمير الأميرة النقيب الرائد المقدم الفريق الرقيب العريف المشير السفير الوزير القاضي المستشار سعادة
نقيب مقدم عقيد عميد فريق ملازم رقيب
prince princess col colonel maj major gen general lt lieutenant brig brigadier captain amb ambassador bro sis brother sister
he hh arch architect acc adv advocate engineer professor doctor mister madam
"""

# So clear that they are no part of a name inside it either: "Al Mutairi Dr. Bushra", of two columns whose order was changed.
TITLES_ANYWHERE = """
الدكتور الدكتورة دكتور دكتورة المهندس المهندسة مهندس مهندسة الأستاذ الأستاذة أستاذ أستاذة د م
mr mrs ms miss dr eng engr prof
"""

# Said before another title: "صاحب السمو الملكي الأمير". Alone, معالي and فضيلة are names of women.
BEFORE_TITLES = """
سمو معالي سيادة فضيلة سماحة
صاحب_السمو صاحبة_السمو صاحب_السمو_الملكي صاحبة_السمو_الملكي صاحب_المعالي صاحب_السعادة صاحب_الفضيلة
"""

# Behind these, all of them titles, the words of AFTER_RANKS belong to the rank: "الملازم أول", "العميد (م)", "العقيد الطيار الركن".
RANKS = """
اللواء العقيد العميد الملازم النقيب الرائد المقدم الفريق الرقيب المشير نقيب مقدم عقيد عميد فريق ملازم رقيب
col colonel maj major gen general lt lieutenant brig brigadier captain capt
"""
AFTER_RANKS = "أول ركن الركن متقاعد المتقاعد طيار الطيار retired rtd ret"

# Behind a name.
HONOURS = "المحترم المحترمة phd mba msc bsc md dba pmp cpa esq retired"

# What somebody is, not who: a piece of a name that holds one of them is no name.
JOBS = """
مدير مديرة المدير المديرة مسؤول مسؤولة رئيس رئيسة نائب نائبة قسم إدارة محاسب محاسبة موظف موظفة مشرف مشرفة منسق منسقة
مندوب مندوبة أخصائي أخصائية اختصاصي سكرتير سكرتيرة طبيب طبيبة معلم معلمة استشاري استشارية مبيعات المبيعات مشتريات المشتريات
التسويق الموارد البشرية
manager director ceo cto cfo coo cio gm vp officer engineer supervisor accountant consultant executive president
chairman founder owner representative rep specialist coordinator secretary lawyer physician analyst administrator
"""
# The same beside a name, but companies are called so, too.
FIELDS = "sales marketing procurement purchasing finance department dept hr admin"

# Whose name begins so is no person.
COMPANY_BEGINNINGS = """
مطعم مطاعم مصنع مصانع مجموعة مستشفى مستشفيات مستوصف وزارة هيئة جامعة كلية معهد مدرسة مدارس صيدلية صيدليات فندق فنادق معرض معارض
محل محلات مركز مراكز مجمع عيادة عيادات ورشة مغسلة مغاسل أسواق سوبرماركت بقالة تموينات مخبز مخابز حلويات مقهى كافيه صالون مشغل جمعية نقابة
بنك مصرف مديرية إمارة بلدية وكالة وكالات شركات مؤسسات مكاتب منتجع محطة محطات سفارة قنصلية أكاديمية مطبعة مكتبة دار مستودع مستودعات مختبر مختبرات
المطعم المصنع المجموعة المستشفى الهيئة الجامعة المعهد المدرسة المدارس الفندق المعرض المركز المجمع الجمعية البنك المصرف الأكاديمية المكتبة
ministry university hotel restaurant hospital pharmacy embassy municipality
"""
# The same, but نادي محمد is a person: only before a word with the article.
COMPANY_BEFORE_ARTICLE = "نادي أمانة بيت غرفة"
# Anywhere behind the first word of a company's name.
COMPANY_PARTS = """
trading contracting contractors group hotel hotels restaurant restaurants factory factories hospital hospitals university school schools
pharmacy pharmacies holding holdings clinic clinics center centre industries industrial enterprise enterprises services solutions
systems technology technologies logistics transport transportation construction consulting consultancy engineering
supermarket bakery laundry workshop agency association authority municipality academy institute investment investments
maintenance catering tourism travel properties development medical foods electronics plastics sons ministry
"""

# Before a name these say another person: ابن خالد is not خالد.
RELATIONS = """
ابن ابنة بنت ولد والد والدة أخ أخو أخت عم خال زوج زوجة حرم أرملة ورثة أولاد أبناء عائلة أسرة ibn bint
"""

# Written forms that no rule about sounds explains: Md is short, and the t and h of Fathallah are two letters of فتح.
SAME_NAMES = {
	"md": "mohammed",
	"mhd": "mohammed",
	"moaz": "muath",
	"jon": "john",
	"muadh": "muath",
	"moadh": "muath",
	"osman": "othman",
	"usman": "othman",
	"muaz": "muath",
	"mouaz": "muath",
	"fathallah": "fatahallah",
	"محييالدين": "محيالدين",
}
