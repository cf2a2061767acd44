"""How chat models speak around a poem, as patterns: openings, remarks, signatures, turns.

A pattern is matched against one line without its marks of emphasis. Each says so much that hardly
a line of verse matches it; where some could, `app.verse.trimming` asks for more.

Examples
--------
>>> [bool(OPENING.match(line)) for line in ("Sure! Here is a haiku:", "Sure of the snow,")]
[True, False]
"""

import re

from app.verse.names import MODEL

_FORM = (
    r"(?:poems?|poetry|verses?|sonnets?|haikus?|ballads?|limericks?|odes?|villanelles?|stanzas?|"
    r"quatrains?|couplets?|lyrics|rhym(?:e|es|ed|ing)|piece|version|response|attempt|request)"
)
_FORM_ELSEWHERE = (  # in German, French, Spanish
    r"(?:\w*gedichte?|sonett?e?s?|ha[iï]kus?|ballade\w*|verse?|strophen?|po[èeé]m[ae]s?|soneto|versos)"
)
_ASSENT = r"sure(?: thing)?|certainly|of course|absolutely|gladly|okay|ok|no problem|with pleasure"


def _line(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})", re.IGNORECASE)


# Words that a model says before the poem. Those of `OPENING` count alone in a stanza or above a
# heading, as a poem may begin like them; those of `PLAIN_OPENING` also directly above the verse.
OPENING = _line(
    rf"(?:{_ASSENT})"
    rf"(?:[!.]$|[!,.:]\s.*\b(?:{_FORM}|here(?:['’]s| is| are| you go)|help|happy to)\b)"
    rf"|here(?:['’]s| is| are| you (?:go|are))\b.*\b{_FORM}\b.*[:.!]$"
    rf"|(?:below is|the following is|this is|i(?:['’]ve| have) (?:written|composed|created))\b"
    rf".*\b{_FORM}\b.*[:.!]$"
    rf"|i(?:['’]d| would) be (?:happy|glad|delighted|honou?red) to\b.*\b{_FORM}\b"
    r"|(?:(?:sehr |aber )?gerne?|natürlich|klar|selbstverständlich|bien s[ûu]r|avec plaisir|¡?claro"
    r"(?: que sí)?|¡?por supuesto|con gusto)"
    rf"\s?(?:!$|[!,.:]\s.*\b(?:{_FORM_ELSEWHERE}|hier (?:ist|sind)|voici|aquí)\b.*[:.!]$)"
    rf"|(?:hier (?:ist|sind|kommt)|voici|aquí (?:tienes?|está|va))\b.*\b{_FORM_ELSEWHERE}\b.*[:!]$"
    r"|(?:好的|当然|没问题)[^\n]*[：:。！!]$|(?:以下|这)是[^\n]*诗[^\n]*[：:]$"
)
PLAIN_OPENING = _line(
    rf"(?:{_ASSENT})[!,.:]\s+(?:here(?:['’]s| is| are| you go)|below is|i(?:['’]ve| have))\b.*:$"
    rf"|(?:{_ASSENT})!\s.*\b{_FORM}\b.*:$"
    rf"|here(?:['’]s| is) (?:an?|your|the|my) (?:[\w-]+,? ){{0,4}}{_FORM} (?:about\b|on the topic|"
    r"as (?:requested|you|per)|for you\b|in the style|based on|inspired|that (?:follows|uses)).*:$"
    rf"|(?:below is|the following is)\b.*\b{_FORM}\b.*:$"
    r"|(?:(?:sehr |aber )?gerne?|natürlich|klar|selbstverständlich|bien s[ûu]r|avec plaisir|¡?claro"
    rf"(?: que sí)?|¡?por supuesto|con gusto)\s?[!,]\s.*\b{_FORM_ELSEWHERE}\b.*:$"
    r"|(?:好的|当然|没问题)[^\n]*[：:]$|(?:以下|这)是[^\n]*诗[^\n]*[：:]$"
)
REFUSAL = _line(
    r"as an? (?:(?:ai|artificial intelligence|large language|language) (?:language )?model|llm)\b"
    r"|i(?:['’]m| am) (?:just |only )?an? "
    r"(?:(?:ai|large language|language) (?:language )?model|llm)\b"
    r"|(?:als|ich bin) (?:nur )?(?:eine? )?(?:großes )?(?:ki-?)?sprachmodell\b"
    r"|i(?:['’]m| am) sorry,? but (?:i|as an ai)\b.*"
    r"\b(?:assist|fulfil|generate|write|create|provide|request)\b"
)

# Words that it says after the poem: a heading with all that follows, or a sentence of its own.
REMARK_HEADING = _line(
    r"(?:explanation|analysis|commentary|interpretation|author['’]s note|notes?|key features|"
    rf"about (?:the|this) {_FORM}|(?:poem|poetic) (?:analysis|devices))[:：]$"
    r"|[(\[]?(?:rhyme scheme|word count|line count|syllable count|meter|metre)\s*[:：]\s*\S"
    r"|[【（(]?(?:注|注释|注解|说明|解析|赏析|简析|诗词解析|格律|创作)[^，。]{0,12}[】）)：:].*"
)
REMARK = _line(
    rf"i (?:really |truly )?hope (?:that )?(?:you(?:['’]ll)? (?:will )?(?:enjoy|like|liked)"
    rf"(?:ed)? (?:this\b|it[.!]*$|(?:the|my) {_FORM}\b)"
    rf"|(?:this|the|it|my)(?: {_FORM})? (?:meets|helps|captures|satisfies|fits|works|conveys|"
    rf"suits|resonates)|(?:this|the|my) {_FORM}\b)"
    r"|(?:happy (?:reading|writing|typing|rhyming|coding)|enjoy)[!.]\W*$"
    r"|(?:please )?let me know (?:if|what|whether|how) (?:you|there|i|this|that|it)\b"
    r"|(?:please )?feel free to (?:ask|modify|adjust|edit|use|let|request|make|change|reach)\b"
    rf"|(?:would you like|do you want) (?:me|another|any|some|a different)\b.*\?"
    r"|i(?:['’]ve| have)? tried to (?:capture|convey|evoke|express|keep|follow|write)\b"
    rf".*\b(?:{_FORM}|would you like|let me know|feel free)\b"
    r"|.*[.!] (?:would you like|do you want) me to "
    r"(?:revise|change|adjust|edit|modify|rewrite|write|try|make|add|expand|continue|explain)\b.*\?$"
    r"|(?:is there|if there(?:['’]s| is)) anything else\b"
    r"|if you(?:['’]d| would)? (?:like|need|want|have|prefer)\b.*"
    r"\b(?:let me know|feel free|just ask|i can|i(?:['’]d| would) be)\b"
    rf"|(?:in )?(?:this|the above|the) {_FORM} (?:above )?(?:is|was|uses|captures|explores|follows|"
    rf"has|does|aims|attempts|celebrates|reflects|describes|conveys|expresses|employs|evokes)\b.{{30}}"
    r"|[(\[]?(?:please )?note(?: that|:)\s.{20}"
    r"|ich hoffe,? .*\b(?:gef[äa]ll\w+|entspricht)\b.{0,20}$"
    r"|j['’]espère que .*\bpla(?:ît|ira|ise)\b.{0,20}$|espero que .*\bgust[ea]\w*\b.{0,20}$"
    r"|(?:希望|此诗|这首|本诗|如需|全诗).*[。！]$"
)
BY = (
    rf"(?:(?:(?:an?|my|the)\s+)?(?:{_FORM}\s+)?"
    r"(?:(?:written|composed|created|generated|penned|crafted)\s+)?by:?\s+"
    r"|(?:(?:geschrieben|verfasst|gedichtet|erstellt|écrit|escrito) )?(?:von|par|por):?\s+)"
)
_NAMED = rf"{MODEL}(?:[-\s][\w.]+){{0,3}}"
SIGNATURE = _line(
    rf"[(\[]?(?:[-–—~]+\s*(?:{BY})?|{BY}){_NAMED}(?:\s*[,(].{{0,40}})?[.)\]!]*$"
    rf"|[(\[]{_NAMED}[.!]?[)\]]$"
)
# Behind a title, in its line.
TITLE_SIGNED = _line(rf".+(?:\b{BY}|\s-\s+|[–—(|·~]\s*){MODEL}(?:[-\s]\d[\w.]*)?[.)\]!]*$")

# Above the verse.
POEM_LABEL = _line(rf"(?:the |your )?{_FORM}\s*[:：]$")

# Names that a chat template gives to a stanza or a turn.
LABEL = _line(
    r"[\[(]?\s*(?:(?:final|closing|opening|first|second|third|last)\s+)?"
    r"(?:stanza|verse|quatrain|couplet|tercet|haiku|strophe|octave|sestet|chorus|refrain|bridge|"
    r"pre-chorus|intro|outro)"
    r"(?P<number>\s*#?(?:\d+|[ivx]+|one|two|three|four|five|six))?\s*(?P<mark>[:.]?\s*[\])]?\s*[:.]?)$"
)
LABEL_BEFORE = _line(r"\s*(?:stanza|verse|quatrain|couplet|haiku)\s+(?:\d+|[ivx]+)\s*:\s+(?=\S)")
_ASKING = "user|human|system|instruction|input|prompt"
_ANSWERING = rf"assistant|response|output|answer|ai|bot|model|{MODEL}"
TURN = _line(rf"\s*#{{2,4}}\s*(?:(?P<asks>{_ASKING})|(?P<answers>{_ANSWERING}))\s*:\s*")
PLAIN_TURN = _line(
    rf"\s*\**(?:(?P<asks>user|human|system|prompt)|(?P<answers>assistant|response|ai|{MODEL}))"
    r"\**:\**(?:\s+|$)"
)

# Passages of others. No second beginning stands within, or thousands of them without an end would
# take hours.
_PASSAGES = "|".join(
    rf"{begin}(?:(?!{begin}).)*?{end}"
    for begin, end in (
        (r"<think(?:ing)?>", r"</think(?:ing)?>"),
        (r"\[INST\]", r"\[/INST\]"),
        (r"<\|im_start\|>\s{0,9}(?:user|system)", r"<\|im_end\|>"),
        (r"<\|start_header_id\|>(?:user|system)<\|end_header_id\|>", r"<\|eot_id\|>"),
        (r"<\|(?:user|system)\|>", r"(?=<\|assistant\|>)"),
        (r"<start_of_turn>user", r"<end_of_turn>"),
    )
)
MARKUP = re.compile(  # whole passages of others before the single marks
    rf"{_PASSAGES}|\A.*?</think(?:ing)?>|\A.*?\[/INST\]"
    r"|<\|im_start\|>\s*assistant\b|<\|start_header_id\|>assistant<\|end_header_id\|>"
    r"|<start_of_turn>model\b|<\|[^|<>\n]{1,40}\|>|</?s>|</?think(?:ing)?>|\[/?INST\]|<</?SYS>>"
    r"|<(?:end_of_turn|start_of_turn|bos|eos)>",
    re.DOTALL | re.IGNORECASE,
)
