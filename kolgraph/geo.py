"""Countries: from the names that sources and affiliations write to ISO 3166-1 alpha-2 codes."""

import re
import unicodedata
from functools import lru_cache

# short English name first, then official, older and colloquial ones; states that ended lead to their main successor
_COUNTRIES = """
AD=Andorra;AE=United Arab Emirates|UAE;AF=Afghanistan;AG=Antigua and Barbuda;AI=Anguilla;AL=Albania;AM=Armenia
AO=Angola;AQ=Antarctica;AR=Argentina;AS=American Samoa;AT=Austria|Österreich;AU=Australia;AW=Aruba
AX=Åland|Åland Islands;AZ=Azerbaijan;BA=Bosnia and Herzegovina|Bosnia|Bosnia-Herzegovina;BB=Barbados;BD=Bangladesh
BE=Belgium|Belgique|België;BF=Burkina Faso;BG=Bulgaria;BH=Bahrain;BI=Burundi;BJ=Benin;BL=Saint Barthélemy;BM=Bermuda
BN=Brunei|Brunei Darussalam;BO=Bolivia|Bolivia, Plurinational State of
BQ=Bonaire, Sint Eustatius and Saba|Caribbean Netherlands;BR=Brazil|Brasil;BS=Bahamas|The Bahamas;BT=Bhutan
BV=Bouvet Island;BW=Botswana;BY=Belarus;BZ=Belize;CA=Canada;CC=Cocos Islands|Cocos (Keeling) Islands
CD=Democratic Republic of the Congo|DR Congo|Congo, The Democratic Republic of the|Congo, Democratic Republic
CD=Congo, Democratic Republic of the|Democratic Republic of Congo;CF=Central African Republic
CG=Congo|Congo Republic|Republic of the Congo|Congo-Brazzaville;CH=Switzerland|Schweiz|Suisse
CI=Ivory Coast|Côte d'Ivoire|Cote d Ivoire;CK=Cook Islands;CL=Chile;CM=Cameroon
CN=China|People's Republic of China|P.R. China|P. R. China|China, People's Republic of|Mainland China|P.R.C.
CN=Peoples R China;CO=Colombia;CR=Costa Rica;CU=Cuba;CV=Cabo Verde|Cape Verde;CW=Curaçao;CX=Christmas Island;CY=Cyprus
CZ=Czechia|Czech Republic
DE=Germany|Deutschland|Federal Republic of Germany|West Germany|German Democratic Republic|FRG|GDR;DJ=Djibouti
DK=Denmark;DM=Dominica;DO=Dominican Republic;DZ=Algeria;EC=Ecuador;EE=Estonia;EG=Egypt;EH=Western Sahara;ER=Eritrea
ES=Spain|España;ET=Ethiopia;FI=Finland;FJ=Fiji;FK=Falkland Islands|Falkland Islands (Malvinas)
FM=Micronesia|Federated States of Micronesia|Micronesia, Federated States of;FO=Faroe Islands;FR=France;GA=Gabon
GB=United Kingdom|UK|Great Britain|England|Scotland|Wales|Northern Ireland
GB=United Kingdom of Great Britain and Northern Ireland;GD=Grenada;GE=Georgia|Republic of Georgia;GF=French Guiana
GG=Guernsey;GH=Ghana;GI=Gibraltar;GL=Greenland;GM=Gambia|The Gambia;GN=Guinea;GP=Guadeloupe;GQ=Equatorial Guinea
GR=Greece;GS=South Georgia and the South Sandwich Islands;GT=Guatemala;GU=Guam;GW=Guinea-Bissau;GY=Guyana
HK=Hong Kong|Hong Kong SAR|Hong Kong SAR China;HM=Heard Island and McDonald Islands;HN=Honduras;HR=Croatia|Hrvatska
HT=Haiti;HU=Hungary;ID=Indonesia;IE=Ireland|Republic of Ireland|Eire;IL=Israel;IM=Isle of Man;IN=India
IO=British Indian Ocean Territory;IQ=Iraq;IR=Iran|Iran, Islamic Republic of|Islamic Republic of Iran|I.R. Iran
IS=Iceland;IT=Italy|Italia;JE=Jersey;JM=Jamaica;JO=Jordan;JP=Japan;KE=Kenya;KG=Kyrgyzstan;KH=Cambodia;KI=Kiribati
KM=Comoros;KN=Saint Kitts and Nevis|St Kitts and Nevis
KP=North Korea|Korea, Democratic People's Republic of|Democratic People's Republic of Korea
KR=South Korea|Republic of Korea|Korea, Republic of|Korea|Korea (South)|S. Korea;KW=Kuwait;KY=Cayman Islands
KZ=Kazakhstan;LA=Laos|Lao People's Democratic Republic|Lao PDR;LB=Lebanon;LC=Saint Lucia|St Lucia;LI=Liechtenstein
LK=Sri Lanka;LR=Liberia;LS=Lesotho;LT=Lithuania;LU=Luxembourg;LV=Latvia;LY=Libya|Libyan Arab Jamahiriya;MA=Morocco
MC=Monaco;MD=Moldova|Moldova, Republic of|Republic of Moldova;ME=Montenegro;MF=Saint Martin;MG=Madagascar
MH=Marshall Islands
MK=North Macedonia|Macedonia|Macedonia, The Former Yugoslav Republic of|Former Yugoslav Republic of Macedonia
MK=Republic of North Macedonia;ML=Mali;MM=Myanmar|Burma;MN=Mongolia;MO=Macao|Macau|Macao SAR
MP=Northern Mariana Islands;MQ=Martinique;MR=Mauritania;MS=Montserrat;MT=Malta;MU=Mauritius;MV=Maldives;MW=Malawi
MX=Mexico;MY=Malaysia;MZ=Mozambique;NA=Namibia;NC=New Caledonia;NE=Niger;NF=Norfolk Island;NG=Nigeria;NI=Nicaragua
NL=Netherlands|The Netherlands|Holland|Nederland;NO=Norway;NP=Nepal;NR=Nauru;NU=Niue;NZ=New Zealand
OM=Oman|Sultanate of Oman;PA=Panama;PE=Peru;PF=French Polynesia;PG=Papua New Guinea;PH=Philippines|The Philippines
PK=Pakistan;PL=Poland;PM=Saint Pierre and Miquelon;PN=Pitcairn;PR=Puerto Rico
PS=Palestine|Palestinian Territory|Palestinian Territories|State of Palestine|Palestine, State of
PS=Palestinian Territories, Occupied|Palestinian Territory, Occupied|Occupied Palestinian Territory;PT=Portugal
PW=Palau;PY=Paraguay;QA=Qatar;RE=Réunion|Reunion Island;RO=Romania
RS=Serbia|Republic of Serbia|Former Serbia and Montenegro|Serbia and Montenegro
RU=Russia|Russian Federation|USSR|Soviet Union;RW=Rwanda;SA=Saudi Arabia|Kingdom of Saudi Arabia|KSA
SB=Solomon Islands;SC=Seychelles;SD=Sudan;SE=Sweden;SG=Singapore;SH=Saint Helena;SI=Slovenia;SJ=Svalbard and Jan Mayen
SK=Slovakia|Slovak Republic;SL=Sierra Leone;SM=San Marino;SN=Senegal;SO=Somalia;SR=Suriname;SS=South Sudan
ST=São Tomé and Príncipe;SV=El Salvador;SX=Sint Maarten;SY=Syria|Syrian Arab Republic;SZ=Eswatini|Swaziland
TC=Turks and Caicos Islands;TD=Chad;TF=French Southern Territories;TG=Togo;TH=Thailand;TJ=Tajikistan;TK=Tokelau
TL=Timor-Leste|East Timor;TM=Turkmenistan;TN=Tunisia;TO=Tonga;TR=Turkey|Türkiye|Turkey (Türkiye)
TT=Trinidad and Tobago;TV=Tuvalu;TW=Taiwan|Taiwan, Province of China|Taiwan, R.O.C.|Republic of China|R.O.C.
TZ=Tanzania|Tanzania, United Republic of|United Republic of Tanzania;UA=Ukraine;UG=Uganda
UM=United States Minor Outlying Islands
US=United States|United States of America|USA|US|The United States|The United States of America;UY=Uruguay
UZ=Uzbekistan;VA=Vatican City|Holy See|Holy See (Vatican City State)
VC=Saint Vincent and the Grenadines|St Vincent and the Grenadines;VE=Venezuela|Venezuela, Bolivarian Republic of
VG=British Virgin Islands|Virgin Islands, British
VI=U.S. Virgin Islands|Virgin Islands (U.S.)|United States Virgin Islands;VN=Vietnam|Viet Nam;VU=Vanuatu
WF=Wallis and Futuna;WS=Samoa;XK=Kosovo;YE=Yemen;YT=Mayotte;ZA=South Africa|Republic of South Africa;ZM=Zambia
ZW=Zimbabwe
"""


@lru_cache(20_000)  # sources write a few hundred forms a million times
def country_code(text: str) -> str:
    """`Turkey (Türkiye)` -> `TR`; "" where no country goes by that name.

    Two-letter codes are not names, but for US and UK: `CA` in an affiliation is California.
    """
    return _CODES.get(_key(text), "")


def country_name(code: str) -> str:
    """`TR` -> `Turkey`; the code itself where it is none of ISO 3166."""
    return _NAMES.get(code, code)


def country_names(code: str) -> list[str]:
    """`TR` -> `Turkey`, `Türkiye`, `Turkey (Türkiye)`: every way in which it is written, the short name first."""
    return [name for known, names in _ROWS if known == code for name in names.split("|")]


def countries() -> dict[str, str]:
    """Every code with its name, by name."""
    return dict(sorted(_NAMES.items(), key=lambda pair: _key(pair[1])))


def _key(text: str) -> str:
    plain = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z]+", " ", re.sub(r"[.'’]", "", "".join(plain))).strip()


_ROWS = [row.split("=") for row in re.split(r"[;\n]", _COUNTRIES.strip())]
_CODES: dict[str, str] = {_key(name): code for code, names in _ROWS for name in names.split("|")}
_NAMES: dict[str, str] = {code: names.split("|")[0] for code, names in reversed(_ROWS)}
COUNTRIES = tuple(_NAMES)  # every code
