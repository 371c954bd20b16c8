"""The fields that a list may have, under the names by which spreadsheets call them, and what is never taken in.

This is an allow-list: what is not named here stays in the file. Some of it is named to be refused with its reason.
"""

from kolgraph.names import fold

TITLES = {
    "last": "Last name",
    "first": "First name",
    "name": "Whole name",
    "middle": "Middle name",
    "initials": "Initials",
    "suffix": "Suffix (Jr., III)",
    "orcid": "ORCID",
    "npi": "NPI",
    "institution": "Institution",
    "city": "City",
    "region": "State or region",
    "country": "Country",
    "specialty": "Specialty",
    "tier": "Tier",
    "event": "Event",
    "date": "Date",
    "role": "Role",
    "by": "Nominated by",
    "by_orcid": "ORCID of the nominator",
    "by_npi": "NPI of the nominator",
    "by_institution": "Institution of the nominator",
}
FIELDS = tuple(TITLES)
REQUIRED = {
    "people": ("name",),
    "affiliations": ("name", "institution"),
    "events": ("name", "event"),
    "nominations": ("name", "by"),
}  # "name" is met by a last name too

_CALLED = {
    "last": "last name|lastname|surname|family name|familyname|last|lname|nachname|familienname|zuname|"
    "nom de famille|apellido|apellidos|cognome|sobrenome|apelido|achternaam|efternamn|etternavn|"
    "efternavn|nazwisko",
    "first": "first name|firstname|given name|givenname|given names|forename|fore name|first|fname|vorname|"
    "vornamen|rufname|prenom|nombre|nombres|nome|voornaam|fornamn|fornavn|imie",
    "name": "name|full name|fullname|whole name|kol|kol name|kols|person|expert|expert name|speaker|"
    "speaker name|hcp|hcp name|physician|physician name|doctor|investigator|contact name|"
    "display name|author|author name|nom|nom complet|nombre completo|nome completo|"
    "vollstandiger name|nominee|nominee name|nominated|nominated person|nominierte person|"
    "vorgeschlagene person|arzt|experte|referent|member|board member",
    "middle": "middle name|middlename|middle|middle initial|second name|zweiter vorname|deuxieme prenom|segundo nombre",
    "initials": "initials|initialen|initiales|iniciales",
    "suffix": "suffix|name suffix|namenszusatz",
    "orcid": "orcid|orcid id|orcid number|orcid identifier|orc id",
    "npi": "npi|npi number|npi id|national provider identifier",
    "institution": "institution|institution name|affiliation|primary affiliation|hospital|hospital name|"
    "organisation|organization|organisation name|organization name|center|centre|university|clinic|"
    "workplace|employer|facility|place of work|company|institut|institution hopital|klinik|klinikum|"
    "krankenhaus|einrichtung|universitat|arbeitgeber|arbeitsstatte|etablissement|hopital|universite|"
    "institucion|centro|centro de trabajo|hospital centro|istituto|istituzione|ospedale|struttura|"
    "instelling|ziekenhuis|instituicao|sjukhus|affiliazione|afiliacion",
    "city": "city|town|stadt|ort|wohnort|standort|ville|ciudad|citta|cidade|plaats|localidad|miasto",
    "region": "state|region|province|state province|state or province|bundesland|kanton|canton|departement|"
    "provincia|estado|comunidad autonoma|regione|provincie|county",
    "country": "country|country name|country code|nation|land|staat|pays|pais|paese|kraj",
    "specialty": "specialty|speciality|specialisation|specialization|specialties|primary specialty|"
    "therapeutic area|discipline|area of expertise|fachrichtung|fachgebiet|facharzt|specialite|"
    "especialidad|specialita|especialidade|specialisme",
    "tier": "tier|kol tier|tier level|kol level|stufe|kategorie|niveau|segment|nivel|livello",
    "event": "event|event name|congress|congress name|conference|conference name|meeting|meeting name|"
    "symposium|kongress|veranstaltung|tagung|konferenz|congres|conference nom|evenement|congreso|"
    "evento|reunion|congresso|convegno|congres naam",
    "date": "date|event date|start date|datum|beginn|since|from|seit|von|depuis|fecha|desde|data|dal|year|"
    "jahr|annee|ano|anno",
    "role": "role|role at event|function|position|job title|rolle|funktion|stellung|fonction|poste|rol|"
    "funcion|cargo|ruolo|funzione|functie",
    "by": "nominated by|nominator|nominator name|named by|recommended by|proposed by|nominating person|"
    "peer|nominiert von|benannt von|genannt von|vorgeschlagen von|empfohlen von|propose par|"
    "nomme par|recommande par|nominado por|propuesto por|recomendado por|nominato da|proposto da|"
    "genomineerd door",
    "by_orcid": "nominator orcid|orcid of nominator|orcid of the nominator|nominated by orcid|nominator orcid id",
    "by_npi": "nominator npi|npi of nominator|npi of the nominator|nominated by npi",
    "by_institution": "nominator institution|institution of nominator|institution of the nominator|"
    "nominator affiliation|nominated by institution",
}
FIELD_OF = {fold(name): field for field, names in _CALLED.items() for name in (*names.split("|"), TITLES[field])}

_SENSITIVE = "is not kept about people here: it says nothing about their science"
_NEVER = {
    _SENSITIVE: (
        "gender sex geschlecht sexe sexo genere geslacht age alter edad eta idade leeftijd birth "
        "birthday birthdate dob geburtsdatum geburtstag geboren geburtsjahr naissance nacimiento "
        "nascita nascimento ethnicity ethnic ethnie etnia race nationality nationalitat nationalite "
        "nacionalidad religion marital salutation anrede civilite tratamiento pronouns pronoun "
        "disability orientation political"
    ),
    "is commercial: kolgraph holds no prescribing, claims or sales data": (
        "prescribing prescription prescriptions prescriber prescribed rx trx nrx nbrx scripts claims "
        "claim volume volumes verordnung verordnungen verschreibung verschreibungen recetas sales "
        "umsatz revenue decile deciles writer potential payment payments amount fee fees honorar"
    ),
    "is about patients: kolgraph holds no patient data": (
        "patient patients patienten patientenzahl patientes pacientes pazienti mrn diagnosis caseload"
    ),
    "is contact data that finding and explaining people does not need": (
        "email mail emails correo courriel phone telephone telefon tel telefono mobile mobil handy "
        "fax linkedin twitter address street strasse adresse direccion zip postcode postal plz"
    ),
    "is free text, which may tell of patients, health or opinions: keep notes in the plan": (
        "note notes comment comments remark remarks bemerkung bemerkungen kommentar kommentare notiz "
        "notizen observaciones notas commentaire commentaires"
    ),
}
_REASON_OF = {word: reason for reason, words in _NEVER.items() for word in words.split()}


def never(header: str) -> str:
    """Why a column of this name is not taken in, "" for one that may be."""
    words = fold(header).split()
    return next((reason for word in words if (reason := _REASON_OF.get(word))), "") or (
        _REASON_OF["email"] if "e mail" in " ".join(words) else ""
    )


def field_of(header: str) -> str:
    """The field that a header names: by the whole of it, else by the longest known words in it; "" for none."""
    words = fold(header).split()
    plain = " ".join(word.rstrip("0123456789") or word for word in words)
    found = FIELD_OF.get(" ".join(words)) or FIELD_OF.get(plain)
    if found:
        return found
    words = plain.split()
    for length in (3, 2):
        for begin in range(len(words) - length + 1):
            if known := FIELD_OF.get(" ".join(words[begin : begin + length])):
                return known
    single = [FIELD_OF[word] for word in words if word in FIELD_OF and word in _ALONE]
    return single[0] if single and len(words) <= 3 else ""


_ALONE = {
    "orcid",
    "npi",
    "city",
    "country",
    "specialty",
    "institution",
    "hospital",
    "surname",
    "state",
    "congress",
    "tier",
}
