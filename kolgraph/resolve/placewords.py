"""The words of institutions' names in one spelling: for short, in a dozen languages, cities under other names."""

import re
from functools import lru_cache

from kolgraph.names import fold

Words = tuple[str, ...]


def words_in(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STOP = words_in(
    "of the and for de la le du des der die und di del el y at in e do da dos das degli della delle dell dello les et "
    "van von fur d l los las den al studi nad im ve za pour para per zu i og och voor"
)
# how a word is written elsewhere or for short: the first of a line stands for all
_LINES = """
university univ universite universitat universitaet universidad universidade universita universiteit universitet
university universitetet uniwersytet universitatea universitas universiti univerzita univerza universitaire universities
university universitair uni universitesi univerzitet sveuciliste universitario universitari yliopisto egyetem
institute inst institut instituto istituto instituut instytut institutet institutes institutul ustav intezet
hospital hosp hosps hospitals hopital ospedale hopitaux hopitals szpital hastanesi
national natl nat nacional nazionale nationale nationales nazionali nacionales
center ctr centre centro centrum zentrum centers centres cent cntr
technology technol technologies tecnologia tecnologico tecnologica technologique teknologi technologie techn
technical technische technischen technique tecnica tecnico technicka techniczny
laboratory lab labs laboratories laboratorio laboratoire laboratorium laboratori laboratoires laboratorios
physics phys physik physique fisica fysik fizyki fyziky
physical physikalisch physikalische physikalisches
chemistry chem chemie chimie quimica chimica
sciences sci science ciencias scienze wissenschaften scientifique scientifiques cientificas ciencia
department dept dep depts departamento dipartimento departement departments departament
medicine medecine medicina medizin
medical med medizinische medica medicas
academy acad akademie academia accademia akademia akademiya
research recherche recherches ricerca ricerche investigacion investigaciones forschung res
school sch ecole escuela scuola escola
higher superieure superior superiore
college coll collegio colegio
polytechnic polytechnique politecnico politecnica polytech politechnika polytechnical politehnica
foundation fondation fundacion fondazione stiftung fundacao
society soc gesellschaft societe sociedad sociedade
council consejo consiglio conseil conselho
federal federale
faculty fac faculte facultad facultade facolta fakultat faculdade
state gosudarstvennyy
saint st sankt sint
street str strasse
free freie freien
international internacional internazionale internationale intl
advanced avanzati avances avanzados
studies estudios etudes estudos study
mathematics math mathematik mathematiques matematica
engineering eng engn ingenieria ingegneria ingenierie
biology biol biologie biologia
pharmacy pharm pharmacie farmacia pharmazie
clinic klinik clinique clinica
general gen
royal real koninklijke
agriculture agricole agricola agr
california calif
pennsylvania penn
massachusetts mass
connecticut conn
southern south
northern north
cologne koln koeln
munich munchen muenchen
vienna wien
rome roma
florence firenze
turin torino
milan milano
naples napoli
venice venezia
genoa genova
padua padova
geneva geneve genf
zurich zuerich
bern berne
basel basle bale
prague praha
warsaw warszawa
krakow cracow krakau
moscow moskva
kyiv kiev kiew
kharkiv kharkov
lviv lvov
lisbon lisboa
porto oporto
seville sevilla
zaragoza saragossa
athens athina
copenhagen kobenhavn koebenhavn
gothenburg goteborg goeteborg
brussels bruxelles brussel
antwerp antwerpen anvers
ghent gent gand
leuven louvain
bruges brugge
hague haag
nuremberg nurnberg nuernberg
hanover hannover
gottingen goettingen
wurzburg wuerzburg
tubingen tuebingen
dusseldorf duesseldorf
julich juelich
strasbourg strassburg
bucharest bucuresti
belgrade beograd
bengaluru bangalore
mumbai bombay
chennai madras
kolkata calcutta
beijing peking
nanjing nanking
guangzhou canton
taipei taibei
"""
_SAME = {word: line.split()[0] for line in _LINES.split("\n") for word in line.split()[1:]}
_SHORT_FOR: dict[str, Words] = {"tu": ("technical", "university"), "uc": ("university", "california")}
_SHORT_FOR |= {"suny": ("state", "university", "new", "york"), "cuny": ("city", "university", "new", "york")}

# what a part of an institution is called: such a word may stand beside an institution's name
INNER = words_in(
    "department school faculty division section unit college campus program laboratory service medical clinical "
    "graduate center institute group chair office branch physics chemistry medicine sciences engineering biology "
    "mathematics"
)
HOSPITAL = words_in("hospital clinic clinics clinical klinikum health healthcare infirmary policlinico")
ORGANISATION = HOSPITAL | words_in(
    "university institute college center academy foundation council school polytechnic hochschule agency observatory "
    "museum"
)
_ELIDED = re.compile(r"\b(?:d|l|dell?|nell|all|dall)['’](?=\w)", re.I)  # dell'Università


@lru_cache(1 << 14)
def key_of(text: str) -> Words:
    """The words of a name without articles and prepositions, in one spelling; single letters in a row are one word."""
    words: list[str] = []
    letter = False
    if "'" in text or "’" in text:
        text = _ELIDED.sub(" ", text)
    for word in fold(text).split():
        single = len(word) == 1 and word.isalpha()
        if single and letter:
            words[-1] += word
        elif word in _STOP:
            continue
        elif word in _SHORT_FOR:
            words += _SHORT_FOR[word]
        else:
            words.append(_SAME.get(word, word))
        letter = single
    return tuple(words)
