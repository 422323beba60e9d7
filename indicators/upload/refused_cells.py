"""Why a cell is no number, and what to do: a text for each reason that `numbers.Refused` gives."""

from .messages import Text, _

WHY: dict[str, tuple[Text, Text]] = {
    "text": (
        _("Der står tekst, hvor der skal stå et tal."),
        _("Skriv tallet, eller lad cellen være tom og skriv grunden i kolonnen status."),
    ),
    "date": (
        _("Der står en dato, hvor der skal stå et tal."),
        _("Excel laver tal om til datoer: formatér kolonnen som tal, og skriv værdien igen."),
    ),
    "truth": (_("Der står sandt eller falsk, hvor der skal stå et tal."), _("Skriv 1 for ja og 0 for nej.")),
    "error": (_("Regnearket har en fejl i cellen."), _("Ret formlen, eller skriv tallet selv.")),
    "formula": (
        _("Cellen har en formel, der aldrig er regnet ud."),
        _("Åbn filen i et regneark, gem den, og indlæs den igen."),
    ),
    "yes_no": (
        _("Der står ja eller nej, hvor resten af kolonnen er tal."),
        _("Skriv 1 for ja og 0 for nej."),
    ),
    "unit": (
        _("Tallet har en enhed (‰ eller kr.), som resten af kolonnen ikke har."),
        _("Skriv alle kolonnens tal i samme enhed."),
    ),
    "answer": (
        _("Svaret er hverken ja eller nej."),
        _("Skriv 1 for ja og 0 for nej, eller lad cellen være tom og skriv grunden i kolonnen status."),
    ),
    "crossed": (
        _("Et kryds kan betyde »afkrydset« og »fortroligt«."),
        _("Skriv 1 for ja og 0 for nej, eller lad cellen være tom og skriv diskretioneret i kolonnen status."),
    ),
    "trailing_minus": (
        _("Minustegnet står efter tallet."),
        _("Vælg, at et minus efter tallet gælder, eller skriv minus foran tallet."),
    ),
    "dots": (
        _("Fire til seks prikker er tegn fra en PX-fil; hvad de betyder, står i filens noter."),
        _("Skriv .. for et tal, der ikke findes, eller lad cellen være tom og skriv grunden i kolonnen status."),
    ),
    "infinite": (_("Tallet er ikke et endeligt tal."), _("Skriv tallet, eller lad cellen være tom.")),
    "marks": (
        _("Tallet er skrevet på en anden måde end resten af kolonnen."),
        _("Brug de samme tegn for decimaler og tusinder i hele kolonnen."),
    ),
}
