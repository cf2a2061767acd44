"""Names of language models, and the words by which one speaks of itself, as patterns.

Examples
--------
>>> [bool(NAMES.search(text)) for text in ("As an\\nLLM I hum", "the falcon", "Falcon-40B")]
[True, False, True]
"""

import re

__all__ = ["MODEL", "NAMES"]

_MAKER = (
    r"(?:google|microsoft|meta|amazon|alibaba|nvidia|openai|anthropic|mistral|xai|ibm|cohere|baidu|"
    r"tencent|zhipu)(?:['’]s)?"
)
# Directly behind a name or set apart from it: *2.5-72B-Instruct*, *V3*, *_4*. No word boundary lies
# between a letter and a digit.
_VERSION = r"(?:[-–_ ]?[vr]?\d[\w.-]*|_\w+)?"
# Names that are words of verse, or numbers, but for what stands beside them.
_BESIDE = (
    r"google(?:['’]s)? (?:bard|palm)|microsoft(?:['’]s)? phi|cohere(?:['’]s)? command|"
    r"amazon(?:['’]s)? (?:nova|titan)|inflection(?:['’]s|[- ]ai)? pi|meta ai|open[- ]?ai|"
    r"moonshot(?:['’]s|[- ]ai)? kimi|moonshot[- ]?ai|kimi[- ]?(?:k\d[\w.]*|chat|ai)|"
    r"openai(?:['’]s)? o[134]|o[134]-(?:mini|preview|pro|high)(?:-high)?|(?:gpt-?)?4o-mini|gpt-oss|"
    r"palm[- ]?2|phi[- ]?[1-4](?:\.5)?(?:-\w+)?|command[- ]r\b\+?|command-a-\d+|"
    r"perplexity[. ]ai|gemma[- ]?\d[\w.-]*|"
    r"falcon-?\d[\w.]*|falcon \d+b|(?:chat)?glm[- ]?\d[\w.]*|ernie[- ]?(?:bot|\d[\w.]*)|"
    r"gpt-?(?:j|neox?)(?:-\d\w*)?|text-davinci(?:-\d+)?|(?-i:LLaMA|PaLM)|"
    r"yi-\d+b|yi-(?:large|lightning)|granite-\d[\w.]*|jamba-\d[\w.]*|flan-t5|t5-(?:base|large|xx?l)|"
    r"(?:sonnet|opus|haiku)[- ]\d\.\d|\d\.\d[- ](?:sonnet|opus|haiku)"
)
# Names that are no words.
_NO_WORD = (
    r"chat[-_ ]?gpt|mi[sx]tral|qwen|deepseek|olmo|chatglm|nemotron|internlm|baichuan|hunyuan|"
    r"doubao|wizardlm|stablelm|dbrx|openai|anthropic"
)
_AI = r"a(?:i|\.i\b\.?)"
_MACHINE = (
    rf"(?:{_AI}|llm|artificial intelligence|(?:large )?language model|neural net(?:work)?|"
    r"(?:chat[- ]?)?bot)"
)
# Who signs a poem, where the line ends with it or with its version.
MODEL = (
    rf"(?:{_MAKER}[- /])?"
    rf"(?:{_BESIDE}|(?:{_NO_WORD}|claude|gemini|gemma|llama|grok|copilot|vicuna|alpaca|cohere|"
    rf"deep[- ]?seek){_VERSION}|gpt(?:-?\d[\w.]*)?|"
    r"(?:bard|kimi|perplexity|o[134]|(?-i:P[Hh][Ii]|Palm|Falcon|GLM|ERNIE|Ernie|Google|xAI|Bing|Jamba)"
    r"(?:[- ](?:\d[\w.]*|instruct|chat|ai|llm))*)(?=[^\w\s]*$)|"
    rf"(?:an? |the )?(?:{_MACHINE})(?: assistant| poet| model| language model)?(?=\W|$)|"
    r"(?:eine[mr]? |der |dem )?(?:ki|sprachmodell|künstliche[n]? intelligenz)(?=\W|$)|"
    r"(?:une? |una |l['’])?(?:(?-i:IA)|intelligence artificielle|inteligencia artificial)(?=\W|$)|"
    r"your (?:ai )?assistant|\[your name\])"
)

_WROTE = r"(?:wrote|composed|generated|created|penned|made|produced)"
_WRITTEN = r"(?:written|composed|generated|created|penned|made|produced|poems?|verses?|haikus?)"
_GERMAN_AI = r"(?:ki|künstliche intelligenz|sprachmodell|chatbot)"
_GERMAN_WRITTEN = r"(?:geschrieben|verfasst|erzeugt|generiert|gedichtet|erstellt)"
_GERMAN_BY = r"von (?:einer |der )?(?:ki|künstlichen intelligenz)"
_OTHER_TONGUES = (
    rf"als (?:eine? )?{_GERMAN_AI}\b|ich bin (?:nur |bloß )?eine? {_GERMAN_AI}\b|"
    r"(?:ki-)?sprachmodell\w*|ki-(?:modell|assistent|generiert|erzeugt)\w*|"
    rf"{_GERMAN_BY} {_GERMAN_WRITTEN}|{_GERMAN_WRITTEN} {_GERMAN_BY}|"
    r"(?:écrit|généré|composé|créé|rédigé)e?s? par (?:une |l['’])?(?:ia|intelligence artificielle)|"
    r"(?:escrit|generad|cread|compuest)[oa]s? por (?:una |la )?(?:ia|inteligencia artificial)|"
    r"mod[èe]le de langage|en tant qu['’](?:ia|intelligence artificielle)|"
    r"je suis une (?:ia|intelligence artificielle)|"
    r"modelo de lenguaje|como una (?:ia|inteligencia artificial)|"
    r"soy una (?:ia|inteligencia artificial)"
)
_ANYWHERE = (
    rf"\b(?:{_BESIDE}|(?:{_NO_WORD}|claude|gemini|grok|copilot){_VERSION}|gpt[-–—_ ]?\d[\w.]*|"
    rf"llama[- ]?\d[\w.]*|"
    rf"llms?|as an? {_MACHINE}\b|i(?:['’]m| am) (?:just |only )?an? {_MACHINE}\b|"
    rf"{_MACHINE} (?:has )?{_WROTE} (?:this|these|it|the (?:poem|verse|lines))\b|"
    rf"{_WRITTEN} (?:entirely )?by (?:an? |the )?{_MACHINE}\b|{_AI}[- ](?:generated|written|made)|"
    rf"(?:large )?language model|{_AI} (?:assistant|language model|model|poet)|your {_AI}|"
    rf"{_AI}[- ]?poetry|"
    r"(?:trained|developed|built) by (?:google|meta|microsoft|alibaba|baidu|xai)|"
    rf"my training data|knowledge cut-?off|{_OTHER_TONGUES})\b"
    r"|作为(?:一个|一名)?(?:ai|人工智能)|人工智能(?:助手|模型)|语言模型"
)
# Words of verse: only as who wrote it, where the line ends.
_AT_LINE_END = (
    rf"(?:^[^\w\n]*|\b{_WRITTEN} )by (?:bard|kimi|palm|phi|gemma|perplexity|o[134]|llama|gpt|"
    r"(?-i:Falcon|GLM|ERNIE|Ernie|Jamba))(?=[^\w\n]*$)"
)
_BLANK = re.compile(r" (?![^\[\]]*\])")  # not that before a version, which the next line may begin
# Wherever they stand in a text; between two words a line may end.
NAMES = re.compile(_BLANK.sub(r"\\s+", f"{_ANYWHERE}|{_AT_LINE_END}"), re.IGNORECASE | re.MULTILINE)
