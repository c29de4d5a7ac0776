"""Cities and what people write for them. Data only; `cities.py` says how a cell is read.

One city a line, its spellings separated by commas, and the first one is its key. The article, the case and accents do not
matter (Riyadh, Al-Riyadh, Ar Riyadh), what follows neither (مكة is مكة المكرمة). Latin spellings that differ in vowels or doubled
letters alone are recognised without being listed.
"""

# The thirteen regions' seats and governorates of Saudi Arabia, and towns beside them that people take for cities.
SAUDI = """
Riyadh, Riyad, Riad, الرياض
Diriyah, Dariyah, Diraiyah, الدرعية
Kharj, الخرج
Dawadmi, الدوادمي
Majmaah, Majma, المجمعة
Quwayiyah, Quwaiiyah, القويعية
Wadi Ad Dawasir, Wadi Al Dawasir, Wadi Dawasir, Wadi Aldawasir, وادي الدواسر
Aflaj, Layla, الأفلاج, ليلى
Zulfi, الزلفي
Shaqra, شقراء
Hawtat Bani Tamim, Hotat Bani Tamim, Howtat Bani Tamim, Hutat Bani Tamim, حوطة بني تميم
Afif, عفيف
Sulayyil, السليل
Dhurma, Durma, ضرما, ضرماء
Muzahimiyah, المزاحمية
Rumah, رماح
Thadiq, ثادق
Huraymila, حريملاء
Hariq, الحريق
Ghat, الغاط
Marat, مرات
Rayn, الرين
Dilam, الدلم
Jeddah, Jiddah, Jedda, Jaddah, Gedda, جدة
Makkah, Mecca, Makka, Meccah, مكة
Taif, Tayif, Tayef, الطائف
Qunfudhah, Qunfudah, Gunfudah, Konfuda, القنفذة
Lith, Leeth, الليث
Rabigh, رابغ
King Abdullah Economic City, KAEC, مدينة الملك عبدالله الاقتصادية, الملك عبدالله الاقتصادية
Khulais, خليص
Khurmah, Khurma, الخرمة
Ranyah, Rania, رنية
Turubah, Turabah, Turbah, تربة
Jumum, الجموم
Kamil, الكامل
Muwayh, المويه
Maysan, ميسان
Adham, أضم
Ardiyat, العرضيات
Bahrah, بحرة
Thuwal, ثول
Madinah, Medina, Al Madinah Al Munawwarah, المدينة, المدينة المنورة, مدينة المنورة, المنورة
Yanbu, Yenbo, Yanbo, ينبع
Ula, Al Ula, العلا
Mahd Adh Dhahab, Mahd Al Dhahab, Mahd Al Thahab, مهد الذهب
Badr, بدر
Khaybar, Khaibar, خيبر
Hanakiyah, Henakiyah, الحناكية
Ais, العيص
Wadi Al Fara, وادي الفرع
Buraydah, Buraidah, Boraidah, Burayda, Buraida, بريدة
Unayzah, Unaizah, Onaizah, Onizah, Unaiza, عنيزة
Rass, الرس
Mithnab, Mathnab, Muthnib, المذنب
Bukayriyah, Bukairiyah, البكيرية
Badai, Badaya, البدائع
Asyah, الأسياح
Nabhaniyah, النبهانية
Shimasiyah, الشماسية
Uyun Al Jiwa, Oyoon Al Jawa, عيون الجواء
Riyadh Al Khabra, رياض الخبراء
Dhariyah, ضرية
Dammam, الدمام
Khobar, Alkhubar, الخبر
Dhahran, الظهران
Hofuf, Hufuf, Hofof, Hufhuf, الهفوف
Ahsa, Hasa, Ehsa, الأحساء, الحسا
Mubarraz, المبرز
Qatif, Qateef, Katif, Gatif, القطيف
Jubail, Jubayl, Gubail, الجبيل
Hafr Al Batin, Hafar Al Batin, Hafer Al Batin, Hafralbatin, حفر الباطن
Khafji, الخفجي
Ras Tanura, Ras Tanurah, Rastanura, رأس تنورة
Ras Al Khair, رأس الخير
Abqaiq, Buqayq, Buqaiq, بقيق
Nairyah, Nuayriyah, Nariyah, النعيرية
Qaryat Al Ulya, Qaryah Al Ulya, قرية العليا
Udayd, العديد
Bayda, البيضاء
Sayhat, Saihat, سيهات
Safwa, صفوى
Tarut, Tarout, تاروت
Abha, أبها
Khamis Mushait, Khamis Mushayt, خميس مشيط, الخميس
Bisha, Bishah, Besha, بيشة
Namas, النماص
Mahayil, Muhayil, Mahail, Muhail Asir, محايل
Dhahran Al Janub, Zahran Al Janoub, Dhahran Al Janoub, Dhahran South, ظهران الجنوب
Sarat Abidah, Sarat Ubaidah, سراة عبيدة
Tathlith, تثليث
Rijal Alma, Rijal Almaa, رجال ألمع
Ahad Rufaidah, Ahad Rafidah, أحد رفيدة
Balqarn, Balqarn Sabt Al Alaya, بلقرن
Majaridah, المجاردة
Birk, البرك
Bariq, بارق
Tanumah, Tanomah, تنومة
Tarib, Tareeb, طريب
Harajah, الحرجة
Amwah, الأمواه
Haly, Hali, حلي
Wadi Bin Hashbal, وادي بن هشبل
Tabuk, Tabouk, تبوك
Wajh, الوجه
Duba, Dhuba, Deba, ضباء, ضبا
Tayma, Taima, تيماء
Umluj, Amlaj, Umlaj, أملج
Haql, Hagl, Haqel, حقل
Bad, البدع
Neom, نيوم
Hail, Hayil, Hayel, حائل
Baqaa, بقعاء
Ghazalah, الغزالة
Shinan, الشنان
Hait, الحائط
Sulaimi, السليمي
Shamli, الشملي
Mawqaq, موقق
Samira, سميراء
Arar, عرعر
Rafha, رفحاء
Turaif, Turayf, طريف
Uwayqilah, العويقيلة
Jazan, Jizan, Gizan, Jezan, Gazan, Jaizan, جازان, جيزان
Sabya, صبيا
Abu Arish, Abu Areesh, Abou Arish, أبو عريش
Samtah, صامطة
Harth, الحرث
Damad, ضمد
Rayth, الريث
Bish, Baish, Baysh, بيش
Farasan, فرسان
Dayer, Dair Bani Malik, الدائر
Ahad Al Masarihah, أحد المسارحة
Aydabi, العيدابي
Aridhah, Aridah, العارضة
Darb, الدرب
Fayfa, Faifa, فيفاء
Tuwal, الطوال
Najran, نجران
Sharurah, Sharorah, شرورة
Hubuna, حبونا
Badr Al Janub, بدر الجنوب
Yadamah, يدمة
Thar, ثار
Khubash, خباش
Baha, Al Bahah, الباحة
Baljurashi, Baljurshi, بلجرشي
Mandaq, المندق
Makhwah, المخواة
Qilwah, قلوة
Aqiq, العقيق
Qura, القرى
Hajrah, الحجرة
Ghamid Al Zinad, غامد الزناد
Bani Hasan, بني حسن
Sakaka, سكاكا
Qurayyat, Gurayat, Qurayat, القريات
Dumat Al Jandal, Dawmat Al Jandal, Domat Al Jandal, دومة الجندل
Tabarjal, طبرجل
Suwayr, صوير
"""

# Where a cell names a city beside one of these ("القصيم - بريدة"), the city counts.
REGIONS = """
Qassim, Al Qaseem, Gassim, Qasim, القصيم
Eastern Province, Eastern, Sharqiyah, Sharqia, الشرقية, المنطقة الشرقية
Asir, Aseer, Assir, عسير
Jawf, Jouf, Joof, Jof, الجوف
Northern Borders, الحدود الشمالية
"""

ABROAD = """
Dubai, Dubay, دبي
Abu Dhabi, Abudhabi, Abu Zabi, أبو ظبي, أبوظبي
Sharjah, Shariqah, Sharja, الشارقة
Ajman, عجمان
Al Ain, العين
Ras Al Khaimah, رأس الخيمة
Fujairah, الفجيرة
Umm Al Quwain, أم القيوين
Doha, الدوحة
Manama, المنامة
Muharraq, المحرق
Kuwait, الكويت
Hawalli, حولي
Muscat, Masqat, مسقط
Salalah, صلالة
Sohar, صحار
Cairo, القاهرة
Giza, Jizah, الجيزة
Alexandria, الإسكندرية, إسكندرية
Amman, عمان
Irbid, إربد
Zarqa, الزرقاء
Aqaba, العقبة
Beirut, Beyrouth, بيروت
Damascus, Dimashq, دمشق
Aleppo, Halab, حلب
Baghdad, بغداد
Basra, Basrah, البصرة
Erbil, Arbil, أربيل
Sanaa, صنعاء
Aden, عدن
Khartoum, Khartum, الخرطوم
Jerusalem, Al Quds, القدس
Ramallah, رام الله
Gaza, غزة
Tripoli, طرابلس
Tunis, تونس
Algiers, الجزائر
Casablanca, الدار البيضاء
Rabat, الرباط
Istanbul, إسطنبول, اسطنبول
Ankara, أنقرة
Tehran, طهران
Karachi, كراتشي
Lahore, لاهور
Islamabad, إسلام آباد
London, لندن
Paris, باريس
"""
