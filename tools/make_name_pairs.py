# ruff: noqa: E501, PLR2004, SIM905, RUF001 - tables and shares of a generator read best in rows
"""Make pairs of names that are one and pairs that are not, to fit and to try the name model.

Laws:
1. The same inputs and seed give the same pairs; no clock.
2. Half of the strangers are near: the same surname, the same town, the same first word, or
   the nearest other name by letters.
3. Part of the pairs is held out by a hash of the left name and never fitted on.

Reads lists that are not shipped (``../shared/data``): firms and places of other people, used as
test material only. Writes CSV files ``SET.csv`` with left, right, kind, same, held.
Run: ``python tools/make_name_pairs.py --out FOLDER [--shared ../shared]``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections import defaultdict
from pathlib import Path
from typing import TypeAlias

from witnessmark.stages.identify.names_hanzi import (
    cantonese_spellings,
    simplified,
    toneless,
    wade_giles,
)
from witnessmark.stages.identify.romanise import System, romanise

Pair: TypeAlias = tuple[str, str, str, int]
ROOT = Path(__file__).resolve().parent.parent
SEED = 20261125
HELD_TENTHS = 4

KO_SURNAMES = {
    "김": "Kim Gim", "이": "Lee Yi Rhee Ri", "리": "Ri Lee", "박": "Park Pak Bak", "최": "Choi Choe", "정": "Jung Jeong Chung Chong",
    "강": "Kang Gang", "조": "Cho Jo", "윤": "Yoon Yun", "장": "Jang Chang", "임": "Lim Im", "림": "Rim", "한": "Han", "오": "Oh O",
    "서": "Seo Suh So", "신": "Shin Sin", "권": "Kwon Gwon", "황": "Hwang", "안": "Ahn An", "송": "Song", "유": "Yoo Yu Ryu", "류": "Ryu",
    "전": "Jeon Jun Chon", "홍": "Hong", "고": "Ko Go Koh", "문": "Moon Mun", "양": "Yang", "량": "Ryang", "손": "Son Sohn", "배": "Bae Pae",
    "백": "Baek Paek Paik", "허": "Heo Hur Ho", "남": "Nam", "심": "Shim Sim", "노": "Noh Roh No", "로": "Ro", "하": "Ha", "곽": "Kwak Gwak",
    "성": "Sung Seong Song", "차": "Cha", "주": "Joo Ju Chu", "우": "Woo U", "구": "Koo Ku Gu", "민": "Min", "진": "Jin", "엄": "Um Eom",
    "채": "Chae", "원": "Won", "천": "Cheon Chun Chon", "방": "Bang Pang", "공": "Kong Gong", "현": "Hyun Hyon", "함": "Ham", "변": "Byun Pyon",
    "염": "Yeom Yum", "렴": "Ryom", "여": "Yeo", "추": "Choo Chu", "도": "Do To", "석": "Seok Suk", "길": "Gil Kil", "태": "Tae", "남궁": "Namgung Namkoong",
}  # fmt: skip
KO_GIVEN = (
    "영 용 수 민 준 호 성 현 진 지 은 정 희 경 철 일 남 훈 우 석 미 숙 순 옥 자 혜 선 연 승 상 재 동 광 명 국 춘 금 학 혁 권 원 태 기 대 인 주 하 나 윤 서 "
    "유 예 도 시 아 림 룡 렬 률 봉 복 덕 길 만 병 창 종 규 근 건 환 범 웅 필 해 향 란 화 월 송 백 청 심 양 설 별 솔 빈 찬 한 강 련 령 류 익 문 무 삼 관 휘 율"
).split()
KO_PRESS = {
    "영": "young yeong yong", "수": "soo su", "준": "joon jun", "현": "hyun hyeon hyon", "정": "jung jeong jong", "희": "hee hui hi",
    "경": "kyung gyeong kyong", "철": "chul cheol chol", "훈": "hoon hun", "우": "woo u", "석": "suk seok sok", "숙": "sook suk",
    "순": "soon sun", "선": "sun seon son", "연": "yeon youn yon", "승": "seung sung", "광": "kwang gwang", "명": "myung myeong myong",
    "국": "kook kuk guk", "춘": "choon chun", "금": "keum geum kum", "혁": "hyuk hyeok hyok", "기": "ki gi", "주": "joo ju", "유": "yoo yu",
    "봉": "bong pong", "복": "bok pok", "덕": "duk deok tok", "길": "gil kil", "병": "byung byeong pyong", "창": "chang", "종": "jong chong",
    "규": "kyu gyu", "근": "keun geun kun", "건": "kun geon kon", "범": "bum beom pom", "웅": "woong ung", "필": "pil phil", "학": "hak",
    "성": "sung seong song", "은": "eun un", "진": "jin chin", "지": "ji chi", "재": "jae chae", "동": "dong tong", "태": "tae", "대": "dae tae",
    "룡": "ryong yong", "렬": "ryol yeol yul", "림": "rim lim", "류": "ryu yoo", "권": "kwon", "률": "ryul yul", "율": "yul yool", "련": "ryon", "령": "ryong",
    "일": "il", "청": "chung cheong", "설": "sul seol", "솔": "sol", "별": "byul byeol", "빈": "bin", "익": "ik", "휘": "hwi", "관": "kwan gwan",
}  # fmt: skip
ZH_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严欧莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟"
ZH_DOUBLE = ["欧阳", "司马", "上官", "诸葛", "司徒"]
ZH_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文华志建国海燕红玉春梅雪峰晓东宇浩天佳欣怡然子轩思雨梦瑶泽民近平恩来小鹏润芝家豪俊雅婷淑芬慧玲美惠嘉诚德荣宏斌鑫波辉健中正光荣立新学友大文国栋永康世昌树人云龙飞凤凯博长重乐行"
ZH_TRADITIONAL = dict(zip("张刘陈杨黄赵吴孙马罗郑谢许韩冯邓萧苏吕卢钟谭陆叶贾邹龙贺顾龚邵万钱严欧汤温齐乔庄伟丽军艳杰涛强华国红轩梦泽润鹏芝荣宏鑫辉东学栋树云飞凤凯长乐庞颜聂鲁时", "張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭蘇呂盧鍾譚陸葉賈鄒龍賀顧龔邵萬錢嚴歐湯溫齊喬莊偉麗軍艷傑濤強華國紅軒夢澤潤鵬芝榮宏鑫輝東學棟樹雲飛鳳凱長樂龐顏聶魯時", strict=True))  # fmt: skip
ENGLISH_GIVEN = "David Peter Michael Jack Tony Eric Kevin Jason Andy Raymond Grace Alice Amy Jenny Vivian Helen Mary Frank Steven Daniel Henry Edward Cindy Nancy".split()

WESTERN_GIVEN = "Robert William Richard John James Joseph Michael Alexander Elizabeth Margaret Katherine Thomas Anthony Charles Edward Daniel David Nicholas Peter Paul Andrew Stephen Gregory Samuel Benjamin Matthew Christopher Carlos Maria Anna Sofia Emma Laura Diego Javier Pierre Claude Hans Klaus Giulia Marco Ahmed Omar Fatima Priya Rajesh Anil Sanjay Thi Minh Duc Kwame Chinedu Amara Lucas Pedro Joao Ines".split()
NICK = {"Robert": "Bob", "William": "Bill", "Richard": "Dick", "James": "Jim", "Joseph": "Joe", "Michael": "Mike", "Alexander": "Alex", "Elizabeth": "Liz", "Thomas": "Tom", "Anthony": "Tony", "Edward": "Ted", "Daniel": "Dan", "Nicholas": "Nick", "Stephen": "Steve", "Samuel": "Sam", "Benjamin": "Ben", "Christopher": "Chris", "Katherine": "Kate", "Margaret": "Peggy"}  # fmt: skip
BOTH_SEXES = "Mario/Maria Julio/Julia Daniel/Daniela Alexander/Alexandra Victor/Victoria Paul/Paula Francesco/Francesca Roberto/Roberta Ivan/Ivana Carlo/Carla Claudio/Claudia Antonio/Antonia Martin/Martina Adrian/Adriana Luis/Luisa Christian/Christina Peter/Dieter Jan/Jana Karl/Karla Fernando/Fernanda Hassan/Hussein Ahmed/Hamed Anna/Anton Sergio/Serena Ramesh/Rajesh Suresh/Ramesh Amit/Amar Vijay/Ajay Jamal/Kamal".split()
WESTERN_SURNAMES = "Smith Johnson Brown Taylor Wilson Anderson Thompson Walker Harris Clark Lewis Robinson Hall Allen Wright Scott Green Baker Nelson Carter Mitchell Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris Rogers Morgan Bell Murphy Bailey Cooper Garcia Martinez Rodriguez Lopez Hernandez Fernandez Gonzalez Muller Schmidt Schneider Fischer Weber Meyer Wagner Becker Dubois Moreau Laurent Lefevre Rossi Ferrari Esposito Bianchi Silva Santos Oliveira Pereira Costa Nguyen Tran Patel Sharma Singh Gupta Okafor Mensah Diallo Traore Johansson Andersen Virtanen Kowalski Nowak Horvath".split()
RU_GIVEN = {"Сергей": "Sergei Sergey Serguei", "Александр": "Aleksandr Alexander Alexandr", "Дмитрий": "Dmitry Dmitri Dmitriy Dmitrii", "Андрей": "Andrei Andrey", "Алексей": "Aleksei Alexey Alexei Aleksey", "Юрий": "Yuri Yury Yuriy Iurii", "Николай": "Nikolai Nikolay Nikolaj", "Михаил": "Mikhail Michail", "Евгений": "Evgeny Yevgeny Evgenii Yevgeniy", "Владимир": "Vladimir Wladimir", "Василий": "Vasily Vasiliy Vasilii", "Игорь": "Igor", "Олег": "Oleg", "Павел": "Pavel", "Григорий": "Grigory Grigori Grigoriy", "Виктор": "Viktor Victor", "Анатолий": "Anatoly Anatoli Anatoliy", "Вячеслав": "Vyacheslav Viacheslav", "Геннадий": "Gennady Gennadi Gennadiy", "Пётр": "Pyotr Petr", "Фёдор": "Fyodor Fedor", "Илья": "Ilya Ilia", "Константин": "Konstantin Constantin", "Максим": "Maxim Maksim"}  # fmt: skip
RU_SURNAMES = {"Иванов": "Ivanov Iwanow", "Петров": "Petrov", "Сидоров": "Sidorov", "Кузнецов": "Kuznetsov Kuznecov", "Соколов": "Sokolov", "Попов": "Popov", "Лебедев": "Lebedev", "Козлов": "Kozlov", "Новиков": "Novikov", "Морозов": "Morozov", "Волков": "Volkov", "Соловьёв": "Solovyov Soloviev Solovyev", "Васильев": "Vasiliev Vasilyev", "Зайцев": "Zaitsev Zaytsev Zajcev", "Павлов": "Pavlov", "Семёнов": "Semyonov Semenov", "Голубев": "Golubev", "Виноградов": "Vinogradov", "Богданов": "Bogdanov", "Воробьёв": "Vorobyov Vorobiev Vorobyev", "Фёдоров": "Fyodorov Fedorov", "Михайлов": "Mikhailov Mikhaylov", "Беляев": "Belyaev Beliaev", "Тарасов": "Tarasov", "Белов": "Belov", "Комаров": "Komarov", "Орлов": "Orlov", "Киселёв": "Kiselyov Kiselev", "Макаров": "Makarov", "Андреев": "Andreev Andreyev", "Ковалёв": "Kovalyov Kovalev", "Ильин": "Ilyin Ilin", "Гусев": "Gusev", "Титов": "Titov", "Кузьмин": "Kuzmin", "Кудрявцев": "Kudryavtsev Kudriavtsev", "Баранов": "Baranov", "Куликов": "Kulikov", "Алексеев": "Alekseev Alexeyev", "Степанов": "Stepanov", "Яковлев": "Yakovlev Iakovlev", "Сорокин": "Sorokin", "Сергеев": "Sergeev Sergeyev", "Романов": "Romanov", "Захаров": "Zakharov Zaharov", "Борисов": "Borisov", "Королёв": "Korolyov Korolev", "Герасимов": "Gerasimov", "Пономарёв": "Ponomaryov Ponomarev", "Щербаков": "Shcherbakov Scherbakov"}  # fmt: skip
RU_PATRONYMICS = {"Иванович": "Ivanovich", "Сергеевич": "Sergeevich Sergeyevich", "Петрович": "Petrovich", "Александрович": "Aleksandrovich Alexandrovich", "Николаевич": "Nikolaevich Nikolayevich", "Владимирович": "Vladimirovich", "Михайлович": "Mikhailovich", "Юрьевич": "Yurievich Yuryevich"}  # fmt: skip
AR_GIVEN = {"محمد": "Mohammed Muhammad Mohamed Mohammad", "أحمد": "Ahmed Ahmad", "علي": "Ali Aly", "حسن": "Hassan Hasan", "حسين": "Hussein Husayn Hussain", "خالد": "Khaled Khalid", "عمر": "Omar Umar", "يوسف": "Youssef Yusuf Yousef", "إبراهيم": "Ibrahim Ebrahim", "مصطفى": "Mustafa Mostafa", "محمود": "Mahmoud Mahmud", "سعيد": "Saeed Said", "طارق": "Tariq Tarek", "فيصل": "Faisal Faysal", "سليمان": "Sulaiman Suleiman", "ناصر": "Nasser Nasir Naser", "جمال": "Jamal Gamal", "كريم": "Karim Kareem", "رشيد": "Rashid Rachid", "بلال": "Bilal Bilel", "وليد": "Walid Waleed", "زياد": "Ziad Ziyad", "فاطمة": "Fatima Fatimah", "مريم": "Maryam Mariam"}  # fmt: skip
AR_SURNAMES = {"الحسن": "al-Hassan Al Hasan", "الشامي": "al-Shami Alshami", "البغدادي": "al-Baghdadi", "القحطاني": "al-Qahtani", "الزهراني": "al-Zahrani", "العتيبي": "al-Otaibi al-Utaybi", "الحربي": "al-Harbi", "المصري": "al-Masri al-Masry", "التميمي": "al-Tamimi", "الجبوري": "al-Jubouri al-Jaburi", "الدليمي": "al-Dulaimi", "خليل": "Khalil Khaleel", "صالح": "Saleh Salih", "منصور": "Mansour Mansur", "عبد الله": "Abdullah Abdallah", "عبد الرحمن": "Abdul Rahman Abdulrahman Abd al-Rahman", "عبد العزيز": "Abdul Aziz Abdelaziz", "حمدان": "Hamdan", "قاسم": "Qasim Kassem", "نصر": "Nasr", "حداد": "Haddad", "فارس": "Fares Faris", "سالم": "Salem Salim", "عثمان": "Osman Othman"}  # fmt: skip

FIRM_NAMES = "Golden Horizon|Blue River|Silver Dragon|Evergreen|Sunrise|Northstar|Lotus|Hengtai|Ruixin|Fuhua|Tongda|Jinhua|Baoli|Kumgang|Taedong|Pothong|Rainbow|Orion|Atlas|Everest|Pegasus|Meridian|Vostok|Sibir|Ural|Caspian|Al Noor|Al Fajr|Delta|Sigma|Omega|Nova|Zenith|Apex|Vertex|Summit|Pioneer|Trident|Falcon|Condor|Harmony|Prosper|Everlast|Greenfield|Oakwood|Redstone|Whitecap|Bluewater|Kingsway|Crown|Mondial|Ostrov|Zvezda|Granit|Kristall|Yuanda|Xingye|Haifeng|Longxing|Weihua|Mirae|Hanil|Dongyang|Samho|Chilsong|Kangson|Moranbong|Saebyol".split(
    "|"
)
FIRM_TRADES = "Trading|Textile|Garment|Import Export|Shipping|Logistics|Electronics|Technology|Construction|Mining|Seafood|Chemical|Machinery|Investment|Energy|Foods|Pharmaceutical|Steel|Hair Products|Footwear|Furniture|Plastics|Packaging|Petroleum".split(
    "|"
)
FIRM_FORMS = "Co., Ltd.|Ltd|Limited|LLC|Inc.|Corporation|GmbH|JSC|Company Limited|Pte. Ltd.|Sdn Bhd|S.A.|Group|SARL|B.V.|Co Ltd|Corp".split(
    "|"
)
ABBREVIATIONS = {"Trading": "Trdg", "International": "Intl", "Technology": "Tech", "Manufacturing": "Mfg", "Industrial": "Ind.", "Company": "Co", "Limited": "Ltd", "Corporation": "Corp", "Import Export": "Imp. & Exp.", "Import": "Imp", "Export": "Exp", "Construction": "Constr", "Development": "Dev.", "Engineering": "Eng", "Pharmaceutical": "Pharma"}  # fmt: skip
FIRM_ZH = {
    "Hengtai": "恒泰",
    "Ruixin": "瑞鑫",
    "Fuhua": "富华",
    "Tongda": "通达",
    "Jinhua": "金华",
    "Baoli": "宝利",
    "Yuanda": "远大",
    "Xingye": "兴业",
    "Haifeng": "海丰",
    "Longxing": "隆兴",
    "Weihua": "伟华",
}
FIRM_KO = {
    "Kumgang": "금강",
    "Taedong": "대동",
    "Pothong": "보통",
    "Mirae": "미래",
    "Hanil": "한일",
    "Dongyang": "동양",
    "Samho": "삼호",
    "Chilsong": "칠성",
    "Kangson": "강선",
    "Moranbong": "모란봉",
    "Saebyol": "새별",
}
TRADE_ZH = {
    "Trading": "贸易",
    "Textile": "纺织",
    "Garment": "服装",
    "Import Export": "进出口",
    "Shipping": "航运",
    "Electronics": "电子",
    "Technology": "科技",
    "Chemical": "化工",
    "Machinery": "机械",
    "Energy": "能源",
    "Foods": "食品",
    "Mining": "矿业",
    "Steel": "钢铁",
    "Hair Products": "发制品",
}
TRADE_KO = {
    "Trading": "무역",
    "Textile": "방직",
    "Garment": "피복",
    "Shipping": "해운",
    "Electronics": "전자",
    "Technology": "기술",
    "Chemical": "화학",
    "Machinery": "기계",
    "Energy": "에네르기",
    "Foods": "식품",
    "Mining": "광업",
    "Steel": "제강",
}
TOWNS = "Dandong Shenyang Dalian Yanji Hunchun Tumen Qingdao Yantai Weihai Pingdu Xuchang Guangzhou Shenzhen Dongguan Shanghai Suzhou Ningbo Hangzhou Urumqi Kashgar Hotan Dhaka Chittagong Hanoi Haiphong Mumbai Chennai Karachi Lahore Istanbul Izmir Yangon Mandalay Phnom_Penh Colombo Nairobi Addis_Ababa Tashkent Bishkek Seoul Busan Incheon Daegu Pyongyang Hamhung Wonsan Sinuiju Rason Sariwon Chongjin".split()
TOWN_ZH = {
    "Dandong": "丹东市",
    "Shenyang": "沈阳市",
    "Dalian": "大连市",
    "Yanji": "延吉市",
    "Hunchun": "珲春市",
    "Qingdao": "青岛市",
    "Yantai": "烟台市",
    "Weihai": "威海市",
    "Guangzhou": "广州市",
    "Shenzhen": "深圳市",
    "Shanghai": "上海市",
    "Suzhou": "苏州市",
}
STREETS_ZH = {
    "Huanghai": "黄海",
    "Renmin": "人民",
    "Zhongshan": "中山",
    "Jiefang": "解放",
    "Jianshe": "建设",
    "Changjiang": "长江",
    "Xinhua": "新华",
    "Heping": "和平",
}
STREETS = "Main|Station|Harbour|Market|Industrial Park|Green|Mill|River|Lake View|Old Town|Airport|College|Victoria|Queen|Liberty|Central|Gulshan|Mirpur|Nguyen Trai|Le Loi|MG|Jinnah|Ataturk|Sadovaya".split(
    "|"
)
STREET_KINDS = [("Road", "Rd"), ("Street", "St."), ("Avenue", "Ave"), ("Lane", "Ln")]
SITE_KINDS = "Garment Factory|Textile Mill|Wig Factory|Seafood Processing Plant|Spinning Mill|Knitwear|Shoe Factory|Electronics Factory|Prison|Detention Center|Training Center|Cotton Ginning Plant|Steel Works|Coal Mine".split(
    "|"
)


class Maker:
    """Makes pairs from one seeded source of chance."""

    def __init__(self, shared: Path) -> None:
        self.chance = random.Random(SEED)
        self.shared = shared

    def typo(self, text: str) -> str:
        """Return *text* with one letter dropped, doubled, swapped or changed."""
        spots = [i for i in range(1, len(text) - 1) if text[i].isalpha()]
        if len(spots) < 3:
            return text
        i = self.chance.choice(spots)
        how = self.chance.randrange(4)
        if how == 0:
            return text[:i] + text[i + 1 :]
        if how == 1:
            return text[:i] + text[i] + text[i:]
        if how == 2:
            return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
        return text[:i] + self.chance.choice("aeiourstnl") + text[i + 1 :]

    # persons, Korean

    def korean_latin(self, surname: str, given: str) -> str:
        """Return one of many spellings of a Korean name."""
        pick = self.chance.choice
        style = self.chance.randrange(5)
        if style == 0:
            latin = [romanise(s, System.MCCUNE_REISCHAUER) for s in (surname, given)]
        elif style == 1:
            latin = [pick(KO_SURNAMES[surname].split()), romanise(given, System.REVISED)]
        elif style == 2:
            latin = [romanise(s, System.DPRK) for s in (surname, given)]
        else:
            syllables = [
                pick(KO_PRESS[s].split()) if s in KO_PRESS else romanise(s, System.REVISED).lower()
                for s in given
            ]
            joiner = pick(["", "-", " "])
            if joiner == " ":
                syllables = [s.capitalize() for s in syllables]
            joined = joiner.join(syllables)
            latin = [pick(KO_SURNAMES[surname].split()), joined[0].upper() + joined[1:]]
        if self.chance.random() < 0.3:
            latin = [unicodedata.normalize("NFD", part) for part in latin]
            latin = [
                "".join(c for c in part if not unicodedata.combining(c)).replace("’", "'")
                for part in latin
            ]
        first, last = latin
        order = self.chance.randrange(4)
        if order == 0:
            return f"{last} {first}"
        if order == 1:
            return f"{first.upper()} {last}"
        if order == 2 and self.chance.random() < 0.4:
            return f"{first}, {last}"
        return f"{first} {last}"

    def koreans(self, count: int) -> list[Pair]:
        """Return Hangul and Latin names, same and other."""
        pick = self.chance.choice
        out: list[Pair] = []
        for _ in range(count):
            surname = pick(list(KO_SURNAMES))
            given = (
                pick(KO_GIVEN) + pick(KO_GIVEN) if self.chance.random() < 0.92 else pick(KO_GIVEN)
            )
            left = surname + (" " if self.chance.random() < 0.05 else "") + given
            out.append((left, self.korean_latin(surname, given), "person", 1))
            how = self.chance.randrange(4)
            other_surname, other = surname, given
            if how == 0:
                other = given[0] + pick(KO_GIVEN)
            elif how == 1:
                other = pick(KO_GIVEN) + given[-1]
            elif how == 2:
                other = pick(KO_GIVEN) + pick(KO_GIVEN)
            else:
                other_surname = pick([s for s in KO_SURNAMES if s != surname])
            stranger = self.korean_latin(other_surname, other)
            if (
                (other_surname, other) != (surname, given)
                and KO_SURNAMES[other_surname].split()[0] != KO_SURNAMES[surname].split()[0]
            ) or other != given:
                out.append((left, stranger, "person", 0))
        return out

    # persons, Chinese

    def chinese_latin(self, name: tuple[str, str]) -> str:
        """Return one of many spellings of a Chinese name."""
        pick = self.chance.choice
        style = self.chance.random()
        if style < 0.6:
            parts = [
                [toneless(c)[0].replace("v", pick(["u", "v", "ü"])) for c in part] for part in name
            ]
        elif style < 0.8:
            parts = [[wade_giles(toneless(c)[0]) for c in part] for part in name]
        else:
            parts = [
                [pick(sorted(cantonese_spellings(c) or {toneless(c)[0]})) for c in part]
                for part in name
            ]
        joiner = pick(["", "", "-", " "]) if style < 0.6 else pick(["-", " "])
        given = joiner.join(p.capitalize() if joiner == " " else p for p in parts[1])
        surname = "".join(parts[0]).capitalize()
        given = given[0].upper() + given[1:]
        kind = self.chance.randrange(6)
        if kind == 0:
            return f"{pick(ENGLISH_GIVEN)} {surname} {given}"
        if kind == 1:
            return f"{given} {surname}"
        if kind == 2:
            return (
                f"{surname.upper()}, {given}"
                if self.chance.random() < 0.5
                else f"{surname.upper()} {given}"
            )
        return f"{surname} {given}"

    def chinese(self, count: int) -> list[Pair]:
        """Return signs and Latin names, same and other."""
        pick = self.chance.choice
        out: list[Pair] = []
        for _ in range(count):
            surname = pick(ZH_SURNAMES) if self.chance.random() < 0.95 else pick(ZH_DOUBLE)
            given = pick(ZH_GIVEN) + (pick(ZH_GIVEN) if self.chance.random() < 0.75 else "")
            left = surname + given
            if self.chance.random() < 0.3:
                left = "".join(ZH_TRADITIONAL.get(c, c) for c in left)
            out.append((left, self.chinese_latin((surname, given)), "person", 1))
            how = self.chance.randrange(3)
            other_surname, other = surname, given
            if how == 0:
                other = given[0] + pick(ZH_GIVEN)
            elif how == 1:
                other = pick(ZH_GIVEN) + (pick(ZH_GIVEN) if len(given) > 1 else "")
            else:
                other_surname = pick(ZH_SURNAMES)
            said = [
                [toneless(c)[0] for c in text] for text in (surname + given, other_surname + other)
            ]
            if said[0] != said[1]:
                out.append((left, self.chinese_latin((other_surname, other)), "person", 0))
        return out

    # persons, the rest

    def western(self, count: int) -> list[Pair]:
        """Return names in Latin letters with what print does to them."""
        pick = self.chance.choice
        out: list[Pair] = []
        for _ in range(count):
            given, middle, surname = (
                pick(WESTERN_GIVEN),
                pick(WESTERN_GIVEN),
                pick(WESTERN_SURNAMES),
            )
            left = (
                f"{given} {surname}"
                if self.chance.random() < 0.6
                else f"{given} {middle} {surname}"
            )
            options = [
                f"{surname}, {given}", f"{given} {middle} {surname}", f"{given} {middle[0]}. {surname}", f"{surname.upper()} {given}",
                self.typo(f"{given} {surname}"), f"Mr {given} {surname}", f"{given[0]}. {surname}", f"{given}  {surname}",
                f"{NICK.get(given, given)} {surname}", f"{surname} {given} {middle}", self.typo(left), f"{left} {pick(WESTERN_SURNAMES)}",
            ]  # fmt: skip
            out.append((left, pick(options), "person", 1))
            if self.chance.random() < 0.15:
                man, woman = pick(BOTH_SEXES).split("/")
                out.append((f"{man} {surname}", f"{woman} {surname}", "person", 0))
            other = pick([n for n in WESTERN_GIVEN if n != given and n not in NICK])
            others = [
                f"{other} {surname}", f"{given} {pick([s for s in WESTERN_SURNAMES if s != surname])}", f"{other} {pick(WESTERN_SURNAMES)}",
                f"{surname} {other}", f"{given} {surname} Sr.", f"{given} {pick(WESTERN_SURNAMES)} {pick(WESTERN_SURNAMES)}",
                f"{other[0] if other[0] != given[0] else 'Z'}. {surname}",
            ]  # fmt: skip
            stranger = pick(others)
            if stranger.endswith("Sr."):
                left = f"{given} {surname} Jr."
            if sorted(stranger.split()) != sorted(left.split()):
                out.append((left, stranger, "person", 0))
        return out

    def spelt(self, table: dict[str, str]) -> tuple[str, str]:
        """Return a native spelling and a Latin one."""
        native = self.chance.choice(list(table))
        options = re.findall(r"Abd\w* (?:al-)?\w+|Al \w+|\S+", table[native])
        return native, self.chance.choice(options)

    def cyrillic(self, count: int) -> list[Pair]:
        """Return Russian names, Cyrillic and Latin, with and without a patronymic."""
        out: list[Pair] = []
        for _ in range(count):
            (g, gl), (s, sl), (p, pl) = (
                self.spelt(RU_GIVEN),
                self.spelt(RU_SURNAMES),
                self.spelt(RU_PATRONYMICS),
            )
            lefts = [f"{g} {s}", f"{s} {g} {p}", f"{g} {p} {s}", f"{gl} {sl}", f"{gl} {pl} {sl}"]
            (_, gl2), (_, sl2) = self.spelt({g: RU_GIVEN[g]}), self.spelt({s: RU_SURNAMES[s]})
            rights = [
                f"{gl2} {sl2}",
                f"{sl2} {gl2}",
                f"{gl2} {pl} {sl2}",
                f"{sl2.upper()}, {gl2} {pl}",
                f"{gl2[0]}. {sl2}",
                f"{sl2} {gl2[0]}.{pl[0]}.",
            ]
            left = self.chance.choice(lefts)
            out.append((left, self.chance.choice(rights), "person", 1))
            (o, ol), (t, tl), (q, _) = (
                self.spelt(RU_GIVEN),
                self.spelt(RU_SURNAMES),
                self.spelt(RU_PATRONYMICS),
            )
            others = []
            if o != g:
                others += [f"{ol} {sl2}", f"{sl2} {ol} {pl}", f"{o} {s}"]
            if t != s:
                others += [f"{gl2} {tl}", f"{gl2} {pl} {tl}", f"{g} {t}"]
            if q != p:
                others.append(f"{g} {q} {s}")
                left = f"{gl2} {pl} {sl2}" if self.chance.random() < 0.3 else left
            if others:
                stranger = self.chance.choice(others)
                if q != p and stranger.endswith(f"{q} {s}") and not (p in left or pl in left):
                    continue
                out.append((left, stranger, "person", 0))
        return out

    def arabic(self, count: int) -> list[Pair]:
        """Return Arabic names, Arabic and Latin letters."""
        out: list[Pair] = []
        for _ in range(count):
            (g, gl), (f, fl), (s, sl) = (
                self.spelt(AR_GIVEN),
                self.spelt(AR_GIVEN),
                self.spelt(AR_SURNAMES),
            )
            long = self.chance.random() < 0.5
            left = f"{g} {f} {s}" if long else f"{g} {s}"
            if self.chance.random() < 0.4:
                left = f"{gl} {fl} {sl}" if long else f"{gl} {sl}"
            (_, gl2), (_, fl2), (_, sl2) = (
                self.spelt({g: AR_GIVEN[g]}),
                self.spelt({f: AR_GIVEN[f]}),
                self.spelt({s: AR_SURNAMES[s]}),
            )
            rights = (
                [f"{gl2} {fl2} {sl2}", f"{gl2} bin {fl2} {sl2}"]
                if long
                else [f"{gl2} {sl2}", f"{gl2.upper()} {sl2.upper()}"]
            )
            if long:
                rights.append(f"{gl2} {sl2}")
            out.append((left, self.chance.choice(rights), "person", 1))
            (o, ol), (t, tl) = self.spelt(AR_GIVEN), self.spelt(AR_SURNAMES)
            others = []
            if o not in {g, f}:
                others.append(f"{ol} {fl2} {sl2}" if long else f"{ol} {sl2}")
            if t != s:
                others.append(f"{gl2} {fl2} {tl}" if long else f"{gl2} {tl}")
            if others:
                out.append((left, self.chance.choice(others), "person", 0))
        return out

    def listed_persons(self) -> list[Pair]:
        """Return names of the UN list with their aliases, and the nearest other names."""
        root = ET.parse(self.shared / "data/lists/un_consolidated.xml").getroot()
        people: list[list[str]] = []
        for one in root.iter("INDIVIDUAL"):
            parts = [
                one.findtext(f"{n}_NAME") or "" for n in ("FIRST", "SECOND", "THIRD", "FOURTH")
            ]
            names = [" ".join(p.strip() for p in parts if p.strip())]
            for alias in one.iter("INDIVIDUAL_ALIAS"):
                good = alias.findtext("QUALITY") == "Good"
                names += [str(alias.findtext("ALIAS_NAME") or "").strip()] if good else []
            native = (one.findtext("NAME_ORIGINAL_SCRIPT") or "").strip()
            if native:
                names.append(native.split("،")[0])
            people.append([n for n in names if 0 < len(n) < 80])
        return self.listed(people, "person")

    def listed(self, groups: list[list[str]], kind: str) -> list[Pair]:
        """Return pairs inside groups of names, and the nearest pairs between groups."""
        out: list[Pair] = []
        mains = [g[0] for g in groups if g]
        for names in groups:
            if not names:
                continue
            main = names[0]
            mine = {w.lower() for w in re.findall(r"\w+", main)}
            for alias in names[1:4]:
                other = {w.lower() for w in re.findall(r"\w+", alias)}
                if not alias.isascii() or any(
                    a[:3] == b[:3] for a in mine for b in other if len(a) > 2
                ):
                    out.append((main, alias, kind, 1))
            near = sorted(
                (m for m in self.chance.sample(mains, min(250, len(mains))) if m != main),
                key=lambda m: (
                    -len(mine & {w.lower() for w in re.findall(r"\w+", m)})
                    - (m[:3] == main[:3]) / 2
                ),
            )
            bare = re.sub(r"\W|ltd|co|limited|inc", "", main.lower())
            near = [
                m
                for m in near[:4]
                if (n := re.sub(r"\W|ltd|co|limited|inc", "", m.lower())) not in bare
                and bare not in n
            ]
            out += [(main, m, kind, 0) for m in near[:2]]
        return out

    # firms

    def korean_firms(self) -> list[Pair]:
        """Return Korean firms with their English names, and the nearest other firms."""
        with (self.shared / "data/names/company_names_ko_en.csv").open(
            encoding="utf-8", newline=""
        ) as handle:
            rows = [(r["name_ko"], r["name_en"]) for r in csv.DictReader(handle)]
        by_head: dict[str, list[tuple[str, str]]] = defaultdict(list)
        by_tail: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in rows:
            by_head[row[0][:2]].append(row)
            by_tail[row[0][-2:]].append(row)
        out: list[Pair] = []
        for korean, english in rows:
            out.append((korean, english, "company", 1))
            how = self.chance.random()
            pool = (
                by_head[korean[:2]] if how < 0.25 else by_tail[korean[-2:]] if how < 0.5 else rows
            )
            others = [r for r in pool if r[0] != korean and r[1] != english] or rows
            out.append((korean, self.chance.choice(others)[1], "company", 0))
        return out

    def firms(self, count: int) -> list[Pair]:
        """Return names of firms with what print does to them."""
        pick = self.chance.choice
        out: list[Pair] = []
        for _ in range(count):
            town, name, trade, form = (
                pick(TOWNS).replace("_", " "),
                pick(FIRM_NAMES),
                pick(FIRM_TRADES),
                pick(FIRM_FORMS),
            )
            stem = f"{town} {name} {trade}" if self.chance.random() < 0.4 else f"{name} {trade}"
            left = f"{stem} {form}"
            short = stem
            for word, abbreviation in ABBREVIATIONS.items():
                if self.chance.random() < 0.7:
                    short = re.sub(rf"\b{word}\b", abbreviation, short)
            rights = [f"{stem} {pick(FIRM_FORMS)}", stem.upper(), f"{short} {form}", self.typo(stem) + f" {form}", f"{self.typo(stem)} {pick(FIRM_FORMS)}",
                      f"{stem} International {form}", f"{form} {stem}" if form in {"JSC", "Ltd"} else left.upper()]  # fmt: skip
            if name in FIRM_ZH and trade in TRADE_ZH:
                rights += (
                    [f"{TOWN_ZH.get(town, '')}{FIRM_ZH[name]}{TRADE_ZH[trade]}有限公司"] * 5
                    if town not in stem or town in TOWN_ZH
                    else []
                )
            if name in FIRM_KO and trade in TRADE_KO:
                rights += [f"{FIRM_KO[name]}{TRADE_KO[trade]}회사"] * 5 if town not in stem else []
            right = pick(rights)
            out.append((left, right, "company", 1))
            other_name, other_trade, other_town = (
                pick([n for n in FIRM_NAMES if n != name]),
                pick([t for t in FIRM_TRADES if t != trade]),
                pick([t for t in TOWNS if t.replace("_", " ") != town]),
            )
            others = [
                f"{other_name} {trade} {form}",
                f"{name} {other_trade} {form}",
                f"{town} {other_name} {trade} {form}",
                f"{stem} No. 2 {form}",
            ]
            if town in stem:
                others.append(stem.replace(town, other_town.replace("_", " ")) + f" {form}")
                others.append(f"{town} {other_name} {trade} {pick(FIRM_FORMS)}")
            if other_name in FIRM_ZH and trade in TRADE_ZH:
                others += [
                    f"{TOWN_ZH.get(town, '') if town in stem else ''}{FIRM_ZH[other_name]}{TRADE_ZH[trade]}有限公司"
                ] * 4
            stranger = pick(others)
            if "No. 2" in stranger:
                left = left.replace(stem, stem + " No. 1")
            out.append((left, stranger, "company", 0))
        return out

    def listed_firms(self) -> list[Pair]:
        """Return firms of the UFLPA, CBP and UN lists with their aliases."""
        groups: list[list[str]] = []
        for name in ("dhs_uflpa", "cbp_wro"):
            data = json.loads((self.shared / f"data/lists/{name}.json").read_text("utf-8"))
            groups += [[e["name"], *e["aliases"]] for e in data["entities"]]
        root = ET.parse(self.shared / "data/lists/un_consolidated.xml").getroot()
        for one in root.iter("ENTITY"):
            names = [(one.findtext("FIRST_NAME") or "").strip()]
            names += [
                str(a.findtext("ALIAS_NAME")).strip()
                for a in one.iter("ENTITY_ALIAS")
                if a.findtext("ALIAS_NAME")
            ]
            groups.append([n for n in names if n])
        seen: dict[str, list[str]] = {}
        for group in groups:
            seen.setdefault(group[0] if group else "", group)
        return self.listed([g for g in seen.values() if g], "company")

    def vessels(self, count: int) -> list[Pair]:
        """Return names of ships."""
        firsts = "Ocean Sea Golden Blue Pacific Eastern Silver Royal Star Morning Lucky Grand Jin Wan Heng Chon Ji".split()
        seconds = "Star Pearl Hope Glory Dragon Fortune Wave Wind Light Victory Spirit Queen Prince Hung Fu Ma Song".split()
        pick = self.chance.choice
        out: list[Pair] = []
        for _ in range(count):
            a, b = pick(firsts), pick(seconds)
            number = pick(["", "", " 1", " 7", " 18"])
            left = f"{a} {b}{number}"
            out.append(
                (
                    left,
                    pick(
                        [
                            f"M/V {left}",
                            f"MV {left}",
                            left.upper(),
                            f"{a}{b}{number}",
                            self.typo(f"{a} {b}") + number,
                            f"M.V. {left.upper()}",
                        ]
                    ),
                    "company",
                    1,
                )
            )
            others = [
                f"{a} {pick([s for s in seconds if s != b])}{number}",
                f"{pick([s for s in firsts if s != a])} {b}{number}",
                f"{a} {b}{' 9' if number else ''}",
            ]
            if number:
                others.append(f"{a} {b}")
            stranger = pick(others[: 4 if number else 2])
            out.append((left, stranger, "company", 0))
        return out

    # places, sites, addresses

    def places(self, country: str, most: int) -> list[Pair]:
        """Return Latin and native names of places, and the nearest other ones."""
        with (self.shared / "data/names/places_cross_script.csv").open(
            encoding="utf-8", newline=""
        ) as handle:
            rows = [r for r in csv.DictReader(handle) if r["countrycode"] == country]
        names: dict[str, set[str]] = defaultdict(set)
        by_head: dict[str, list[dict[str, str]]] = defaultdict(list)
        by_sign: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in rows:
            names[row["latin"]].add(row["native"])
            by_head[row["latin"][:3]].append(row)
            by_sign[simplified(row["native"])[:1]].append(row)
        out: list[Pair] = []
        for row in rows if len(rows) <= most else self.chance.sample(rows, most):
            out.append((row["latin"], row["native"], "place", 1))
            how = self.chance.random()
            pool = (
                by_head[row["latin"][:3]]
                if how < 0.25
                else by_sign[simplified(row["native"])[:1]]
                if how < 0.5
                else rows
            )
            others = [
                r
                for r in pool
                if r["geonameid"] != row["geonameid"]
                and r["latin"].lower() != row["latin"].lower()
                and r["native"] not in names[row["latin"]]
            ]
            if others:
                out.append((row["latin"], self.chance.choice(others)["native"], "place", 0))
        return out

    def within(self) -> list[Pair]:
        """Return counties with their province, in Hangul and two romanisations, and other provinces."""
        with (self.shared / "data/gazetteer/kp_counties_names.csv").open(
            encoding="utf-8", newline=""
        ) as handle:
            rows = [
                (r["hangul"], r["provinces_hangul"].split(";")[0].strip())
                for r in csv.DictReader(handle)
            ]
        provinces = sorted({province for _, province in rows if province})
        out: list[Pair] = []
        for county, province in rows:
            if not province:
                continue
            system, other_system = self.chance.sample(list(System)[:3], 2)
            latin = f"{romanise(county[:-1], system)}, {romanise(province, system)}"
            rights = [
                f"{county}, {province}",
                f"{romanise(county[:-1], other_system)}, {romanise(province, other_system)}",
                county,
                romanise(county[:-1], other_system),
            ]
            out.append((latin, self.chance.choice(rights), "place", 1))
            other = self.chance.choice([p for p in provinces if p != province])
            stranger, _ = self.chance.choice([r for r in rows if r[0][:-1] != county[:-1]])
            others = [
                f"{county}, {other}",
                f"{romanise(county[:-1], system)}, {romanise(other, other_system)}",
                f"{stranger}, {province}",
            ]
            out.append((latin, self.chance.choice(others), "place", 0))
        for _ in range(150):
            town, one, two = self.chance.sample([t.replace("_", " ") for t in TOWNS], 3)
            out += [
                (f"{town}, {one}", f"{town.upper()}, {one}", "place", 1),
                (f"{town}, {one}", f"{town}, {two}", "place", 0),
            ]
        return out

    def address(self) -> tuple[int, str, tuple[str, str], str]:
        """Return a house number, a street, its kind in full and short, and a town."""
        return (
            self.chance.randrange(1, 400),
            self.chance.choice(STREETS),
            self.chance.choice(STREET_KINDS),
            self.chance.choice(TOWNS).replace("_", " "),
        )

    def addresses(self, count: int) -> list[Pair]:
        """Return addresses printed in two ways, and others."""
        out: list[Pair] = []
        for _ in range(count):
            house, street, (full, short), town = self.address()
            code = str(self.chance.randrange(10000, 99999))
            left = (
                f"{house} {street} {full}, {town} {code}"
                if self.chance.random() < 0.5
                else f"{house} {street} {full}, {town}"
            )
            rights = [f"{house} {street} {short}, {town}", f"{house}, {street.upper()} {short.upper()} {town.upper()}", f"No. {house} {street} {full}, {town}",
                      f"{house} {self.typo(street)} {short}, {town}", f"Unit 4, {house} {street} {full}, {town}"]  # fmt: skip
            out.append((left, self.chance.choice(rights), "place", 1))
            other = self.chance.choice([s for s in STREETS if s != street])
            others = [f"{house + self.chance.choice([1, 2, 10])} {street} {full}, {town}", f"{house} {other} {full}, {town}",
                      f"{house} {street} {full}, {self.chance.choice([t for t in TOWNS if t != town])}".replace("_", " ")]  # fmt: skip
            out.append((left, self.chance.choice(others), "place", 0))
        return out

    def sites(self, count: int) -> list[Pair]:
        """Return sites with an address after a comma, printed in two ways, and others."""
        pick = self.chance.choice
        out: list[Pair] = []
        for _ in range(count):
            house, street, (full, short), town = self.address()
            name, kind = pick(FIRM_NAMES), pick(SITE_KINDS)
            unit = pick(["", "", "", " Unit 2", " No. 3"])
            left = f"{name} {kind}{unit}, {house} {street} {full}, {town}"
            rights = [f"{name.upper()} {kind.upper()}{unit.upper()}, {house} {street} {short}, {town}", f"{name} {kind} {pick(['Ltd', 'Co., Ltd.', 'Limited'])}{unit}, {street} {full}, {town}",
                      f"{self.typo(name)} {kind}{unit}, {house} {street} {full}, {town}", f"{name} {kind}{unit}, {town}", f"{name} {kind}{unit}, {house} {self.typo(street)} {short}, {town}",
                      f"M/s {name} {kind}{unit}, {house} {street} {full}, {town}"]  # fmt: skip
            if town in TOWN_ZH and name in FIRM_ZH:
                street_latin, street_zh = pick(list(STREETS_ZH.items()))
                left = f"{name} Garment Factory, {house} {street_latin} Road, {town}"
                rights = [f"{FIRM_ZH[name]}服装厂, {TOWN_ZH[town]}{street_zh}路{house}号"]
            out.append((left, pick(rights), "site", 1))
            other_name, other_kind, other_town = (
                pick([n for n in FIRM_NAMES if n != name]),
                pick([k for k in SITE_KINDS if k != kind]),
                pick([t for t in TOWNS if t.replace("_", " ") != town]).replace("_", " "),
            )
            other_street = pick([s for s in STREETS if s != street])
            others = [f"{name} {kind}{unit}, {house} {street} {full}, {other_town}", f"{other_name} {kind}{unit}, {house} {street} {full}, {town}", f"{other_name} {kind}{unit}, {town}",
                      f"{name} {kind}{unit}, {self.chance.randrange(400, 900)} {other_street} {full}, {other_town}", f"{name} {other_kind}{unit}, {self.chance.randrange(400, 900)} {other_street} {full}, {town}",
                      f"{name} {kind} Unit 7, {house} {street} {full}, {town}", f"{other_name} {other_kind}, {house} {street} {short}, {town}", f"{name} {kind}{unit}, {other_town}",
                      f"{other_name} {kind}{unit}, {self.chance.randrange(400, 900)} {other_street} {full}, {town}"]  # fmt: skip
            stranger = pick(others)
            if "Unit 7" in stranger and not unit:
                left = left.replace(",", " Unit 2,", 1)
            out.append((left, stranger, "site", 0))
        return out


def held(left: str) -> int:
    """Return 1 where a pair is held out, by its left name."""
    return int(hashlib.sha256(left.encode()).digest()[0] % 10 < HELD_TENTHS)


def main() -> None:
    """Write every set."""
    parser = argparse.ArgumentParser(description="make pairs of names")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    options = parser.parse_args()
    maker = Maker(options.shared)
    sets: dict[str, list[Pair]] = {
        "persons_korean": maker.koreans(1500),
        "persons_chinese": maker.chinese(1200),
        "persons_western": maker.western(1200),
        "persons_cyrillic": maker.cyrillic(600),
        "persons_arabic": maker.arabic(600),
        "persons_listed": maker.listed_persons(),
        "firms_korean": maker.korean_firms(),
        "firms": maker.firms(1500),
        "firms_listed": maker.listed_firms(),
        "vessels": maker.vessels(300),
        "places_kp": maker.places("KP", 400),
        "places_kr": maker.places("KR", 400),
        "places_cn": maker.places("CN", 2500),
        "places_within": maker.within(),
        "addresses": maker.addresses(500),
        "sites": maker.sites(1200),
    }
    options.out.mkdir(parents=True, exist_ok=True)
    for name, pairs in sets.items():
        with (options.out / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(("left", "right", "kind", "same", "held"))
            writer.writerows((*pair, held(pair[0])) for pair in dict.fromkeys(pairs))
        print(f"{name}: {len(pairs)} pairs, {sum(p[3] for p in pairs)} of them one")


if __name__ == "__main__":
    main()
