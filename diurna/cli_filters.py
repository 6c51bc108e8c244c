"""The options by which commands choose events: made from the fields of `EventFilter`, the same for every command.

    @app.command()
    @filtered()
    def events(chosen: EventFilter, limit: int = 50) -> None: ...

gives `events` the options `--actor`, `--recipient`, … in the place of `chosen`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import Field, fields
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

from diurna.ledger.filters import EventFilter

_PANEL = "Which events"
_TYPES: dict[str, Any] = {"dyad": tuple[str, str] | None, "quad": list[int], "ongoing": bool | None, "min_confidence": float}


def filtered(*without: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that gives a command the options, but for the fields named, which it asks for in its own way."""
    return lambda command: _filtered(command, without)


def _filtered(command: Callable[..., None], without: tuple[str, ...]) -> Callable[..., None]:
    """Return the command with the filter's options in the place of its parameter `chosen`."""
    asked = {entry.name: entry for entry in fields(EventFilter) if entry.name not in without}

    @wraps(command)
    def run(**given: Any) -> None:
        values = {name: given.pop(name) for name in asked}
        command(chosen=EventFilter(**{name: _plain(name, value) for name, value in values.items()}), **given)

    hints = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(kind=parameter.KEYWORD_ONLY, annotation=hints[name])
        for name, parameter in inspect.signature(command).parameters.items()
        if name != "chosen"
    ]
    options = [_option(entry) for entry in asked.values()]
    run.__signature__ = inspect.Signature([*own, *options])  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in (*own, *options)}
    return run


def _option(entry: Field[Any]) -> inspect.Parameter:
    kind = _TYPES.get(entry.name, str if entry.default == "" else list[str])
    names = [f"--{entry.name.replace('_', '-')}"]
    names = [f"{names[0]}/--no-{entry.name}"] if entry.name == "ongoing" else names
    metavar = entry.metadata["metavar"] or None
    option = typer.Option(*names, help=entry.metadata["help"], metavar=metavar, rich_help_panel=_PANEL, show_default=False)
    default = None if entry.default == () and entry.name == "dyad" else [] if entry.default == () else entry.default
    return inspect.Parameter(entry.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option])


def _plain(name: str, value: Any) -> Any:
    if name == "dyad":
        return tuple(value or ())
    return tuple(value) if isinstance(value, list) else value
