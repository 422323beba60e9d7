"""What the API's description says, in Danish, for the page that people read; the description itself is English."""

# fmt: off
SAID = {
    "A kommunegruppe.": "En kommunegruppe.",
    "A region's code.": "Regionens kode.",
    "A row for each subject, a cell for each municipality.": "En række for hvert emne, en celle for hver kommune.",
    "A theme's area.": "Et temas område.",
    "A year (its newest revision) or a pinned revision such as 2025.1, which never changes. Left out: the "
    "newest edition.":
        "Et år (dets nyeste revision) eller en fast revision som 2025.1, der aldrig ændrer sig. Udeladt: den "
        "nyeste udgave.",
    "All municipalities: Æ, Ø, Å last, and Aa as Å.": "Alle kommuner i dansk orden: Æ, Ø og Å til sidst, og Aa som Å.",
    "All placements of an edition: the whole, areas, themes, indicators with values. Some 12 000 rows: filter,"
    " or take the whole edition as one file.":
        "Alle placeringer i en udgave: det hele, områder, temaer og indikatorer med værdier. Det er omkring 12.000"
        " rækker, så filtrér, eller hent hele udgaven som én fil.",
    "Among siblings, in this edition.": "Blandt søskende i denne udgave.",
    "Among the theme's indicators. 0: shown, weighs nothing.":
        "Blandt temaets indikatorer. 0 betyder, at tallet vises, men ikke vejer noget.",
    "Best rank of the interval that holds 90 % of the ranks under all variations of the method and, where the "
    "edition draws them, with the figures of samples drawn within their intervals.":
        "Den bedste plads i det interval, der rummer 90 % af pladserne, når metoden varieres, og når stikprøvers "
        "tal trækkes inden for deres intervaller, hvor udgaven gør det.",
    "By the names that were asked for.": "Efter de navne, der blev spurgt om.",
    "Children two steps down instead of one.": "Børn to trin nede i stedet for ét.",
    "Code of an area, theme or indicator; “samlet” is the whole.":
        "Kode for et område, et tema eller en indikator; »samlet« er det hele.",
    "Code of the other of the pair.": "Kode for den anden i parret.",
    "Code of what is ranked: “samlet” (everything), the area's, the theme's or the indicator's.":
        "Kode for det, der rangordnes: »samlet« (det hele), områdets, temaets eller indikatorens.",
    "Codes of target groups.": "Koder for målgrupper.",
    "Column of the file.": "Kolonne i filen.",
    "Computed: stands_out, not_distinguishable, other_way, cannot_be_computed.":
        "Beregnet: stands_out, not_distinguishable, other_way, cannot_be_computed.",
    "Cronbach's alpha of the parts below it.": "Cronbachs alfa for delene under det.",
    "Decimals that values are printed and ranked with.": "Decimaler, som værdier vises og rangordnes med.",
    "Each value that was put right, then each placement that moved; above the level of indicators.":
        "Hver værdi, der blev rettet, og så hver placering over indikatorerne, der flyttede sig.",
    "Edition and revision.": "Udgave og revision.",
    "Edition and revision: the pinned name.": "Udgave og revision: det faste navn.",
    "Every correction in public: why, and how much it moved.":
        "Alle offentlige rettelser med begrundelse, og hvor meget de flyttede.",
    "Every revision that was ever public. A corrected one keeps its pinned name.":
        "Alle revisioner, der har været offentlige. En, der er rettet, beholder sit faste navn.",
    "Give each target group in each landsdel and region: services, stated places, how fresh.":
        "Hver målgruppe i hver landsdel og region: tilbud, oplyste pladser, og hvor nyt det er.",
    "Give the services that fit, in the order of the list at /tilbud/. An unknown value is a 404, never "
    "ignored.":
        "De tilbud, der passer, i samme orden som listen på /tilbud/. En ukendt værdi giver 404 og bliver aldrig "
        "overset.",
    "How many municipalities are ranked.": "Hvor mange kommuner der er placeret.",
    "How many municipalities were ranked in it.": "Hvor mange kommuner der var placeret i den.",
    "How many of them answered the question.": "Hvor mange af dem der svarede på spørgsmålet.",
    "How many were asked, where the value is of a survey.":
        "Hvor mange der blev spurgt, når værdien er fra et spørgeskema.",
    "How parts of a year became the year's figure; null where the source has years.":
        "Hvordan et års dele blev til årets tal; null, når kilden har år.",
    "How much of the score the conditions foretell, out of sample (r²); may be negative.":
        "Hvor meget af scoren vilkårene kan forudsige uden for stikprøven (r²); kan være negativ.",
    "ISO 8601.": "ISO 8601.",
    "In a straight line from ?sted=, where both have a point.": "I lige linje fra ?sted=, når begge har et punkt.",
    "In the indicator's unit; positive is the aim's direction.": "I indikatorens enhed; positiv er målets retning.",
    "Its name in addresses.": "Navnet i adresser.",
    "Its share of the whole weight, 0–1.": "Dens andel af hele vægten, 0–1.",
    "Known sources of error.": "Kendte fejlkilder.",
    "Language of names and texts.": "Sproget i navne og tekster.",
    "Last place of a shared one (12–14: 14).": "Den sidste plads i en delt plads (12–14: 14).",
    "Lower end of the value's 95% interval, if those who did not answer are like those who did.":
        "Den nedre ende af værdiens 95 %-interval, hvis de, der ikke svarede, ligner dem, der gjorde.",
    "Municipalities compared.": "Kommuner, der er sammenlignet.",
    "Municipalities with both figures.": "Kommuner med begge tal.",
    "Municipality codes, with spaces.": "Kommunekoder, med mellemrum.",
    "Name of the other of the pair.": "Navnet på den anden i parret.",
    "Name of what is ranked.": "Navnet på det, der rangordnes.",
    "Names in addresses, or codes; repeat it.": "Navne i adresser eller koder; gentag parameteren.",
    "Names in addresses; repeat it.": "Navne i adresser; gentag parameteren.",
    "Newest known up to the edition's year.": "Det nyeste kendte til og med udgavens år.",
    "Oldest age, years; null where open or not stated.":
        "Højeste alder i år; null, hvor den er åben eller ikke oplyst.",
    "One indicator of an edition.": "Én indikator i en udgave.",
    "One municipality by its name in addresses or its code.": "Én kommune ved sit navn i adresser eller sin kode.",
    "One revision by its pinned name.": "Én revision ved sit faste navn.",
    "One step down, by code.": "Et trin ned, efter kode.",
    "Only these fields of each row: fields=a,b or fields=a&fields=b.":
        "Kun disse felter i hver række: fields=a,b eller fields=a&fields=b.",
    "Only where the size of the group is known everywhere.": "Kun hvor gruppens størrelse er kendt overalt.",
    "Paragraphs, as sel-107, bl-43.": "Paragraffer, som sel-107 og bl-43.",
    "Pearson's r of directed scores over the municipalities that have both: areas, themes, indicators.":
        "Pearsons r for scorer med samme retning i de kommuner, der har begge: områder, temaer og indikatorer.",
    "Pearson's r of the scores.": "Pearsons r for scorerne.",
    "Place, 1 is best; shared by ties; empty: not ranked.":
        "Pladsen, hvor 1 er bedst. Den deles ved samme score. Tom betyder ikke placeret.",
    "Placements whose rank or printed score moved.": "Placeringer, hvor pladsen eller den viste score flyttede sig.",
    "Places moved without it by whichever municipality moves most.":
        "Så mange pladser flytter den kommune, der flytter sig mest, uden den.",
    "Places that municipalities move on average without it.":
        "Så mange pladser flytter kommunerne i gennemsnit uden den.",
    "Places up (+) or down (−) since the edition before, where the method is the same, counted among those "
    "ranked in both.":
        "Pladser frem (+) eller tilbage (−) siden udgaven før, når metoden er den samme, talt blandt dem, der er "
        "placeret i begge.",
    "Ranks are compared only between editions of one method.":
        "Placeringer sammenlignes kun mellem udgaver med samme metode.",
    "Row of the file.": "Række i filen.",
    "Rows a page.": "Rækker på en side.",
    "SHA-256 of the file that the value came from.": "SHA-256 for den fil, værdien kom fra.",
    "Score 0–100, higher is better, rounded as it is printed; ranks are made from it.":
        "Score 0–100, hvor højere er bedre, afrundet, som den vises; placeringerne er lavet af den.",
    "Services that do not state their places.": "Tilbud, der ikke oplyser deres pladser.",
    "Services. 0 says that no place is registered, not that no help exists.":
        "Tilbud. 0 betyder, at intet sted er registreret, ikke at der ingen hjælp findes.",
    "Share of figures beyond the goalposts, 0–1.": "Andelen af tal uden for målstolperne, 0–1.",
    "Share of the weight that has figures, 0–1.": "Andelen af vægten, der har tal, 0–1.",
    "Sheet of the file.": "Ark i filen.",
    "Since when the figure is under clarification.": "Hvornår tallet kom under afklaring.",
    "Since when the figure is under clarification; null where nobody has questioned it.":
        "Hvornår tallet kom under afklaring; null, hvor ingen har rejst tvivl om det.",
    "Stated places, each once; null where none are stated, never 0.":
        "Oplyste pladser, hver talt én gang; null, hvor ingen er oplyst, aldrig 0.",
    "Statistics Denmark's code.": "Danmarks Statistiks kode.",
    "The aim's indicator.": "Målets indikator.",
    "The areas, in the order of the catalogue.": "Områderne i katalogets orden.",
    "The effect as a share of its level's sum, 0–1.": "Virkningen som andel af summen på dens trin, 0–1.",
    "The figure where there are too few answers to rank it: it is shown and does not count.":
        "Tallet, når der er for få svar til at rangordne det: det vises og tæller ikke med.",
    "The figure's permanent number: the address /en/trail/<number>/ leads to file, sheet, row and column, and "
    "on to the ranks it moved.":
        "Tallets faste nummer: adressen /spor/<nummer>/ fører til fil, ark, række og kolonne og videre til de "
        "placeringer, det flyttede.",
    "The file's name as it came.": "Filens navn, som den kom.",
    "The indicator's value in its unit, rounded as it is printed; the indicator's rank is made from it.":
        "Indikatorens værdi i dens enhed, afrundet, som den vises; indikatorens placering er lavet af den.",
    "The indicators with definition, unit, direction, weight, goalposts and source, as the edition has them.":
        "Indikatorerne med definition, enhed, retning, vægt, målstolper og kilde, som udgaven har dem.",
    "The municipality's name in addresses.": "Kommunens navn i adresser.",
    "The municipality's name.": "Kommunens navn.",
    "The municipality's own words about it, in its short form.": "Kommunens egne ord om det, i den korte form.",
    "The page shows the change; here it always is.": "Siden viser ændringen; her er den altid med.",
    "The page's view; the rows are the same.": "Sidens visning; rækkerne er de samme.",
    "The page, from 1.": "Siden, fra 1.",
    "The pinned page.": "Den faste side.",
    "The practice's name in its address.": "Praksissens navn i adressen.",
    "The rank as the page prints it.": "Placeringen, som siden skriver den.",
    "The register's id; it stays when the service is renamed.":
        "Registrets id; det bliver, når tilbuddet skifter navn.",
    "The revision that the change is measured against.": "Den revision, ændringen er målt mod.",
    "The rows of a ranking page in its order. A page's own query works here: the parameters have the same "
    "names.":
        "Rækkerne på en ranglisteside i dens orden. Sidens egen forespørgsel virker også her, for parametrene "
        "hedder det samme.",
    "The same score with all digits.": "Den samme score med alle cifre.",
    "The same value with all digits, as it was reported.": "Den samme værdi med alle cifre, som den blev indberettet.",
    "The score or value as the page prints it; empty where there is none.":
        "Scoren eller værdien, som siden skriver den; tom, hvor der ingen er.",
    "The share at least as far in that direction.": "Andelen, der er mindst lige så langt i samme retning.",
    "The share of the overall score's variance that the part alone explains, 0–1 (first-order index).":
        "Den andel af den samlede scores spredning, som delen alene forklarer, 0–1 (indeks af første orden).",
    "The themes, in the order of the catalogue.": "Temaerne i katalogets orden.",
    "The value's unit.": "Værdiens enhed.",
    "The values an edition was made from, missing ones with their kind, each with file, sheet, row and column.":
        "De værdier, en udgave er lavet af, de manglende med deres slags, hver med fil, ark, række og kolonne.",
    "The whole index recomputed from the stored scores of the indicators: your weights, not the published "
    "ones.":
        "Hele indekset beregnet igen af indikatorernes gemte scorer med dine vægte, ikke de offentliggjorte.",
    "The year the value is of.": "Det år, værdien er fra.",
    "The zip with everything, to compute it again.": "Zip-filen med det hele, så du kan regne efter.",
    "Title.": "Titel.",
    "Upper end of the value's 95% interval.": "Den øvre ende af værdiens 95 %-interval.",
    "Value, or score as printed, before.": "Værdien, eller scoren, som den vises, før rettelsen.",
    "Values that were put right.": "Værdier, der blev rettet.",
    "Warnings that go with the row: demo data.": "Advarsler, der følger med rækken: demodata.",
    "Weight beside effect, alpha, clipping, leave-one-out moves. No rows for an edition that was never "
    "audited.":
        "Vægt ved siden af virkning, alfa, afskæring og flytninger, når ét udelades. Ingen rækker for en udgave, "
        "der aldrig er efterset.",
    "What is known of the method (set by editors from elsewhere) and what was measured here (computed): two "
    "axes. A verdict says that something happened at the same time, never that the practice was the cause.":
        "Hvad man ved om metoden (sat af redaktører ud fra viden andre steder fra), og hvad vi har målt her "
        "(beregnet), hver for sig. En dom siger, at noget skete samtidig, aldrig at praksissen var årsagen.",
    "What is known of the method, set by two editors from elsewhere.":
        "Hvad man ved om metoden, sat af to redaktører ud fra viden andre steder fra.",
    "What is new in this edition.": "Hvad der er nyt i denne udgave.",
    "When a later revision replaced it.": "Hvornår en senere revision afløste den.",
    "When it began.": "Hvornår den begyndte.",
    "When somebody last confirmed what is registered.": "Hvornår nogen sidst bekræftede det registrerede.",
    "When the aim was registered.": "Hvornår målet blev registreret.",
    "Where it stands, not who may use it.": "Hvor det ligger, ikke hvem der må bruge det.",
    "Where it was measured.": "Hvor der er målt.",
    "Whether it is invented (demo data).": "Om det er opdigtet (demodata).",
    "Whether the intervals of the two ranks lie apart; empty where one is not known. Where it is false, the "
    "change may not be called one.":
        "Om de to placeringers intervaller ligger fra hinanden; tom, hvor et ikke er kendt. Hvor det er false, må "
        "ændringen ikke kaldes en ændring.",
    "Whether the value is provisional.": "Om værdien er foreløbig.",
    "Whether there is one edition only on one of the sides.": "Om der kun er én udgave på en af siderne.",
    "Which way the aim goes.": "Hvilken vej målet går.",
    "Who runs it.": "Hvem der driver det.",
    "Whose statement it is.": "Hvis påstand det er.",
    "Why it was corrected.": "Hvorfor den blev rettet.",
    "Why there is no value: not_reported, suppressed, not_applicable, not_collected, not_available, "
    "unanswered, dont_know, not_approved, too_few_answers (to be ranked; the figure stands in shown); above "
    "the level of indicators too_little (too few figures to rank). Empty: nothing is missing.":
        "Hvorfor der ingen værdi er: not_reported, suppressed, not_applicable, not_collected, not_available, "
        "unanswered, dont_know, not_approved, too_few_answers (for få svar til at rangordne; tallet står i shown);"
        " over indikatorerne too_little (for få tal til at placere). Tom: intet mangler.",
    "Why there is no verdict.": "Hvorfor der ingen dom er.",
    "Worst rank of the same interval.": "Den dårligste plads i samme interval.",
    "Youngest age, years; null where open or not stated.":
        "Laveste alder i år; null, hvor den er åben eller ikke oplyst.",
    "code:weight, 0–10, of an area, theme or indicator; repeat it. The others keep their own weight.":
        "kode:vægt, 0–10, for et område, et tema eller en indikator; gentag parameteren. De andre beholder deres "
        "egen vægt.",
    "higher_is_better, lower_is_better or neutral (shown, never ranked).":
        "higher_is_better, lower_is_better eller neutral (vises, men rangordnes aldrig).",
    "higher_is_better, lower_is_better or neutral, frozen in the edition.":
        "higher_is_better, lower_is_better eller neutral, som udgaven har det for altid.",
    "ned: descending.": "ned: faldende.",
    "nr, kommune, score, aendring, indbyggere or a child's code.":
        "nr, kommune, score, aendring, indbyggere eller et barns kode.",
    "overall, area, theme or indicator.": "overall, area, theme eller indicator.",
    "p with all aims of the practice considered (Holm).": "p, når alle praksissens mål er taget i betragtning (Holm).",
    "published, or corrected: replaced by a later revision.":
        "published eller corrected, som er afløst af en senere revision.",
    "published, unconfirmed or withdrawn.": "published, unconfirmed eller withdrawn.",
    "value or rank.": "value eller rank.",
    "wilson (share of a sample), student (mean of a sample) or register (chance in a register).":
        "wilson (andel af en stikprøve), student (gennemsnit af en stikprøve) eller register (tilfældighed i et "
        "register).",
    "Diversity: target groups with a service confirmed within a year. Not ranked.":
        "Mangfoldighed: målgrupper med et tilbud, der er bekræftet inden for et år. Rangordnes ikke.",
    "Of so many target groups.": "Ud af så mange målgrupper.",
    "Best rank of the interval when only the choices of method are varied; empty where no sample was drawn: "
    "low and high are the method's alone then.":
        "Den bedste plads i intervallet, når kun metodens valg varieres. Tom, hvor ingen stikprøve er trukket; så "
        "er low og high metodens alene.",
    "The reasons: interval (wide), response (few answered), provisional, age, own_word (the administration's "
    "own answer), warnings (accepted when the file was read).":
        "Grundene: interval (bredt), response (få svarede), provisional (foreløbigt), age (alder), own_word "
        "(forvaltningens eget svar), warnings (godkendt, da filen blev læst).",
    "Services that nobody has confirmed for a year.": "Tilbud, som ingen har bekræftet i et år.",
    "Give each municipality: the services in it and in its landsdel. Citizens of others use them too.":
        "Hver kommune med tilbuddene i den og i dens landsdel. Borgere fra andre kommuner bruger dem også.",
    "1 nothing known against it, 2 usable with a caution, 3 too unsure to act on.":
        "1 intet kendt imod det, 2 kan bruges med forbehold, 3 for usikkert at handle på.",
    "Whether the register is invented (demo data).": "Om registret er opdigtet (demodata).",
}
