"""How each shell asks, and is answered: click's own way, mended.

In bash click's script cuts names at blanks and at the colon of `template:NAME`; in bash and zsh it takes a folder for the end
of a path; in zsh and fish it loses the option before a value that stands behind `=`. PowerShell is click's as it is.
"""

from __future__ import annotations

import os

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
    shell_complete,
    split_arg_string,
)

from campaign.cli.completing import VARIABLE

_PROGRAM = "campaign"


@add_completion_class
class Bash(BashComplete):
    """Bash, 4.4 and later."""

    source_template = """\
%(complete_func)s() {
    local kind value
    COMPREPLY=()
    while IFS=',' read -r kind value; do
        [[ -n $kind ]] || continue
        [[ $kind == path ]] && compopt -o filenames
        COMPREPLY+=("$value")
    done < <(COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORD="${COMP_WORDS[COMP_CWORD]}" \\
        %(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before, and the one that is being typed, as a person sees them: bash cuts words at colons, too."""
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)
        typing = line[-1:].strip() and len(words) > 1
        return (words[1:-1], words[-1]) if typing else (words[1:], "")

    def complete(self) -> str:
        """The answer. Bash puts it in the place of what it takes for the word: what stands behind the last colon."""
        args, incomplete = self.get_completion_args()
        items = self.get_completions(args, incomplete)
        typed = incomplete.partition("=")[2] if incomplete.startswith("--") else incomplete
        quoted = os.environ.get("COMP_WORD", "").startswith(("'", '"'))
        known = 0 if quoted else typed.rfind(":") + 1
        # Bash puts it there itself, except behind a colon, where it does not see a folder.
        end = "" if known else os.sep
        answers = (("path", item.value.removesuffix(end)) if item.path else ("plain", item.value) for item in items)
        return "\n".join(f"{kind},{value[known:]}" for kind, value in answers)


class _WholeWord(ShellComplete):
    """Shells that take `--option=value` for one word want it back whole."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """What is offered, with the option that stands before its value."""
        items = super().get_completions(args, incomplete)
        option, sign, _ = incomplete.partition("=")
        if option.startswith("--") and sign:
            for item in items:
                item.value = f"{option}={item.value}"
        return items


@add_completion_class
class Fish(_WholeWord, FishComplete):
    """fish."""


@add_completion_class
class Zsh(_WholeWord, ZshComplete):
    """Zsh. A folder ends in a slash, and the person goes on typing behind it."""

    source_template = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a plain told folders response
    local kind key descr
    (( ! $+commands[%(prog_name)s] )) && return 1
    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \\
        %(complete_var)s=zsh_complete %(prog_name)s 2>/dev/null)}")
    for kind key descr in ${response}; do
        [[ $kind == plain ]] || continue
        if [[ $key == */ ]]; then
            folders+=("$key")
        elif [[ $descr == _ ]]; then
            plain+=("$key")
        else
            told+=("$key:$descr")
        fi
    done
    (( $#told )) && _describe -V unsorted told -U
    (( $#plain )) && compadd -U -V unsorted -a plain
    (( $#folders )) && compadd -U -S '' -V folders -a folders
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""


def answer(cli: click.Command) -> int:
    """Answer the shell that asks. A prompt is no place for an error: whatever goes wrong, nothing is offered."""
    try:
        return shell_complete(cli, {}, _PROGRAM, VARIABLE, os.environ[VARIABLE])
    except Exception:
        return 1


def script(shell: str, cli: click.Command) -> str:
    """What the shell has to be told, once."""
    known = get_completion_class(shell)
    assert known is not None
    return known(cli, {}, _PROGRAM, VARIABLE).source()
