"""Names of people: invented combinations of names that occur in the Netherlands, the frequent ones first."""

from dataclasses import dataclass

from .chance import Chance


@dataclass(frozen=True)
class Background:
    """Names that go together. `share` is the part of the people that draws from this list."""

    share: float
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _families(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


_DUTCH_FAMILIES = _families(
    "de|Jong, Jansen, de|Vries, van den|Berg, van|Dijk, Bakker, Janssen, Visser, Smit, Meijer, de|Boer, Mulder, de|Groot, Bos, "
    "Vos, Peters, Hendriks, van|Leeuwen, Dekker, Brouwer, de|Wit, Dijkstra, Smits, de|Graaf, van der|Meer, van der|Linden, Kok, "
    "Jacobs, de|Haan, Vermeulen, van den|Heuvel, van der|Veen, van den|Broek, de|Bruijn, de|Bruin, van der|Heijden, Schouten, "
    "van|Beek, Willems, van|Vliet, van de|Ven, Hoekstra, Maas, Verhoeven, Koster, van|Dam, van der|Wal, Prins, Blom, Huisman, "
    "Peeters, de|Jonge, Kuipers, van|Veen, Post, Kuiper, Veenstra, Kramer, van den|Brink, Scholten, van|Wijk, Postma, Martens, "
    "Vink, de|Ruiter, Timmermans, Groen, Gerritsen, Jonker, van|Loon, Boer, van der|Velde, Willemsen, Smeets, de|Lange, "
    "de|Vos, Bosch, van|Dongen, Schipper, de|Koning, van der|Laan, Koning, Boersma, Hofman, Hermans, Driessen, Hoogendoorn, "
    "Zijlstra, Evers, Molenaar, Sanders, Wolters, van|Es, Mol, van den|Bosch, Gerrits, Kuijpers, Verbeek, Wiersma, Terpstra, "
    "van|Rijn, Bouwman, Schreuder, Nijland, van der|Ploeg, Hoekman, 't|Hart, ter|Horst, ten|Brinke, Kortekaas, Roelofs, Zwart, "
    "van 't|Hof, op den|Kamp, Aalbers, Bijlsma, Coenen, Doornbos, Eikelboom, Feenstra, Geurts, Haverkamp, IJzerman, Jager"
)

PUPILS = (
    Background(
        0.70,
        _words(
            "Emma Julia Mila Tess Sophie Zoë Sara Nora Yara Eva Liv Lotte Noor Fleur Anna Saar Olivia Evi Lynn Nina Milou Fien Isa "
            "Lauren Maud Sofie Elin Roos Lieke Feline Jasmijn Femke Vera Floor Loïs Rosalie Hannah Fenna Amy Benthe Isabel Puck Elise "
            "Suze Veerle Kiki Iris Merel Norah Pien Bo Lara Esmée Marit Guusje Hailey Jolie Cato Linde Anouk Renske Mirthe Amélie"
        ),
        _words(
            "Noah Lucas Sem Levi Daan Finn Luuk Mees James Milan Bram Liam Noud Sam Thomas Adam Benjamin Boaz Max Siem Jesse Thijs "
            "Julian Hugo Lars Guus Mason Luca Gijs Teun Jens Ties Stijn Tijn Cas Floris Ruben Jan Olivier Tobias Vince Owen Xavi Dex "
            "Jayden Joep Jurre Quinten Pepijn Willem Tim Tom Nathan Timo Niels Jelle Morris Koen Rens Sven Daniël Mats Thijmen Joris Bas"
        ),
        _DUTCH_FAMILIES,
    ),
    Background(
        0.08,
        _words(
            "Elif Zeynep Defne Esila Azra Ecrin Ela Nisa Miray Eda Yağmur Sude Melisa Büşra Aylin Selin Ceylin Tuana Hira Beren"
        ),
        _words(
            "Yusuf Emir Ömer Mehmet Kerem Eymen Ali Hamza Mustafa Ahmet Deniz Emre Enes Çınar Burak Kaan Berat Efe Mert Can"
        ),
        _families(
            "Yılmaz, Kaya, Demir, Çelik, Şahin, Yıldız, Yıldırım, Öztürk, Aydın, Özdemir, Arslan, Doğan, Kılıç, Aslan, Çetin, Kara, "
            "Koç, Kurt, Özkan, Şimşek, Polat, Korkmaz, Erdoğan, Bulut, Güneş, Aktaş"
        ),
    ),
    Background(
        0.08,
        _words(
            "Amira Noor Lina Aya Yasmine Malak Safa Inaya Hafsa Maryam Sara Imane Salma Jihane Douae Rania Assia Nour Ikram Soumaya"
        ),
        _words(
            "Mohamed Adam Amir Ilyas Rayan Zakaria Yassin Bilal Ayoub Anas Hamza Ibrahim Ismail Imran Younes Soufiane Walid Nassim Taha"
        ),
        _families(
            "el|Amrani, Bouzid, el|Idrissi, Benali, Aarab, Haddou, el|Khattabi, Azzouzi, Chaara, Bouali, Ouali, Tahiri, Amezian, "
            "Ziani, el|Ouardi, Lahlou, Mansouri, Boulahrouz, Kaddouri, Rachidi"
        ),
    ),
    Background(
        0.05,
        _words(
            "Jada Chayenne Shanaya Naomi Aaliyah Destiny Angel Kiara Zaira Danica Faith Rihanna Xaviera Priya Anjali"
        ),
        _words(
            "Jaylano Kaylan Rayven Dion Shaquille Jairo Gianno Xavién Jerrel Quincy Ravi Arjun Sheldon Giovanni Damiën"
        ),
        _families(
            "Pinas, Wijngaarde, Kartosen, Ramdin, Bhagwandin, Biervliet, Landveld, Zuiverloon, Amatali, Martina, Croes, Maduro, "
            "Ramautar, Gopal, Soerodimedjo, Vrede, Blokland, Tjon A Hung"
        ),
    ),
    Background(
        0.04,
        _words("Zofia Maja Lena Hanna Oliwia Aleksandra Nadia Amelia Wiktoria Julia Kaja Antonina"),
        _words("Jakub Filip Antoni Kacper Szymon Oskar Nikodem Mikołaj Wojciech Igor Tymon Paweł"),
        _families(
            "Nowak, Kowalska, Wiśniewska, Wójcik, Kamiński, Lewandowska, Zieliński, Szymańska, Dąbrowski, Kozłowska, Mazur, Krawczyk"
        ),
    ),
    Background(
        0.05,
        _words("Hala Sham Rimas Mariam Yara Selma Eden Winta Betiel Anastasia Sofiia Daryna Mei Xin Linh Afia Abena"),
        _words("Omar Yaman Karam Abdullah Majd Nahom Filmon Yonas Artem Danylo Maksym Hao Minh Kwame Kofi Idris"),
        _families(
            "al|Hassan, al|Ahmad, Khalil, Darwish, al|Masri, Tesfay, Haile, Gebremedhin, Shevchenko, Kovalenko, Bondar, Chen, Nguyen, "
            "Mensah, Owusu, Ibrahim, Hussein, da|Silva, Pereira, García"
        ),
    ),
)

_STAFF_DUTCH = Background(
    0.86,
    _words(
        "Marieke Linda Esther Sandra Monique Ingrid Karin Petra Anja Wilma Saskia Marloes Annemiek Lisanne Kim Laura Iris Manon "
        "Inge Judith Ellen Mirjam Nicole Astrid Bianca Daphne Eline Femke Heleen Ilse Joke Kirsten Lianne Margriet Nienke Paula "
        "Renate Suzanne Tineke Willeke Yvonne Charlotte Anke Ria Danielle"
    ),
    _words(
        "Peter Jan Erik Mark Martijn Bart Jeroen Dennis Rob Hans Frank Marcel Wouter Maarten Sander Kees Ruud Gerard Paul "
        "Arjan Bas Edwin Frits Gert Hugo Ivo Johan Klaas Lex Menno Niek Onno Pim Rik Stefan Theo Wim Jasper Roel Ton"
    ),
    _DUTCH_FAMILIES,
)


def _older(group: Background, share: float) -> Background:
    return Background(share, group.girls, group.boys, group.families)


STAFF = (
    _STAFF_DUTCH,
    *(_older(group, share) for group, share in zip(PUPILS[1:], (0.04, 0.04, 0.03, 0.01, 0.02), strict=True)),
)


def background_of(groups: tuple[Background, ...], draw: float) -> Background:
    """The list of names that a draw between 0 and 1 falls in."""
    for group in groups:
        draw -= group.share
        if draw < 0:
            return group
    return groups[0]


def split_family(written: str) -> tuple[str, str]:
    """Prefix and family name of a name written here as `van den|Berg`; the prefix may be empty."""
    prefix, _, family = written.rpartition("|")
    return prefix, family


def staff_name(chance: Chance, number: int) -> tuple[str, str, str, str]:
    """First name, prefix, family name and sex (`female`, `male`) of a member of staff."""
    group = background_of(STAFF, chance.u("staff background", number))
    female = chance.u("staff sex", number) < 0.72  # noqa: PLR2004
    first = chance.pick(group.girls if female else group.boys, "staff first name", number)
    prefix, family = split_family(chance.often_first(group.families, "staff family name", number))
    return first, prefix, family, "female" if female else "male"
