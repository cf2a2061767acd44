"""The project's exceptions, in the words of the experiment.

AppError
├── NotFound            what was asked for does not exist (or is not yours to know of)
├── NotAllowed          it exists, and this person may not
│   ├── SignInFailed    wrong e-mail or password, or too many attempts
│   └── NotARater       no rater's cookie or link came with the request
├── Conflict            the state of things forbids it
│   ├── StudyClosed     votes and joining end with the study
│   ├── Withdrawn       a rater who withdrew is asked nothing any more
│   │   └── JoiningOver its closing date has passed: who has joined may finish
│   ├── StudyFull       as many of the group have joined as were wanted
│   ├── LinkUsed        an invitation for one person, who is somebody else
│   ├── DesignFrozen    an opened study does not change
│   ├── AnotherRater    the page is of a rater whom this browser does not know
│   ├── EverythingErased the page is of a rater who had everything erased
│   ├── SlotConflict    the vote is not for the pair this rater has before them
│   └── NameTaken       names of sets and studies are unique
└── Unusable            what was given cannot be used as it is
    └── UnreadableFile  a file is not what its name says
"""


class AppError(Exception):
    """Says what is wrong in a sentence that a person can read."""


class NotFound(AppError):
    pass


class NotAllowed(AppError):
    pass


class SignInFailed(NotAllowed):
    pass


class NotARater(NotAllowed):
    pass


class Conflict(AppError):
    pass


class StudyClosed(Conflict):
    pass


class Withdrawn(Conflict):
    pass


class JoiningOver(StudyClosed):
    pass


class StudyFull(Conflict):
    pass


class LinkUsed(Conflict):
    pass


class DesignFrozen(Conflict):
    pass


class AnotherRater(Conflict):
    pass


class EverythingErased(Conflict):
    pass


class SlotConflict(Conflict):
    pass


class NameTaken(Conflict):
    pass


class Unusable(AppError):
    pass


class UnreadableFile(Unusable):
    pass
