"""The commands of design that try many: optimise, sensitivity, uncertainty."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from filmcell.cli import screen
from filmcell.cli.doors import REFUSED, Json, checked_folder, echo_json, load_changed
from filmcell.errors import FilmcellError, InputError
from filmcell.papers.claims import Listing
from filmcell.units import shown, to_si

CellName = Annotated[str, typer.Argument(help="Preset or path of a cell file (.toml).")]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary", help='What varies: --vary "cathode.thickness=1 um..30 um"; " log" at its end.'
    ),
]
Current = Annotated[str, typer.Option(help='Such as "0.1 mA", "0.1 mA/cm2" or "C/2".')]
Fast = Annotated[str | None, typer.Option(help="The fast current of rate-capability.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help='Change a number: --set cathode.diffusivity="1e-13 m2/s".'),
]
Seed = Annotated[int, typer.Option(help="Seed; the same seed gives the same answer.")]
Plot = Annotated[Path | None, typer.Option("--plot", help="Draw a picture here.")]

_NAMES = ("areal-energy, power, utilisation, window-utilisation, areal-capacity, charging-time, "
          "efficiency, rate-capability")  # fmt: skip
_ROWS = 15
"""Designs of a front that are printed."""

_SHOWN = {"Wh/m2": ("mWh/cm2", 10.0), "Ah/m2": ("mAh/cm2", 10.0), "W/m2": ("mW/cm2", 10.0),
          "s": ("min", 60.0), "": ("", 1.0)}  # fmt: skip
"""Unit on the screen of each unit of an objective, and its size."""


def optimise(
    cell: CellName,
    current: Current,
    vary: Vary = None,
    maximise: Annotated[
        list[str] | None, typer.Option(help=f"Repeat for a front: {_NAMES}.")
    ] = None,
    minimise: Annotated[
        list[str] | None, typer.Option(help="Likewise, such as charging-time.")
    ] = None,
    at_least: Annotated[
        list[str] | None, typer.Option(help='A limit: --at-least "utilisation=0.8" (repeat).')
    ] = None,
    at_most: Annotated[
        list[str] | None, typer.Option(help='A limit: --at-most "charging-time=2 h" (repeat).')
    ] = None,
    fast: Fast = None,
    changes: Changes = None,
    budget: Annotated[int | None, typer.Option(help="Designs that evolution may try.")] = None,
    seed: Seed = 1,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Find the best design under constraints; of several objectives, the best compromises."""
    from filmcell.design import optimise as search
    from filmcell.design.objectives import AtLeast, AtMost

    with screen.errors(as_json, REFUSED):
        checked_folder(plot)
        words = (current, fast)
        wanted = [*_wanted(maximise, words, larger=True), *_wanted(minimise, words, larger=False)]
        limits = [
            *(_limit(AtLeast, "--at-least", text, words) for text in at_least or ()),
            *(_limit(AtMost, "--at-most", text, words) for text in at_most or ()),
        ]
        if not wanted:
            raise InputError(f"--maximise is missing, expected at least one of {_NAMES}")
        problem = _problem(cell, changes, vary, wanted, limits)
        find: Any = search.optimise if len(wanted) == 1 else search.pareto
        if plot is not None and len(wanted) != 2:
            raise InputError("--plot: a front of two objectives can be drawn, expected two")
        total = search.usual_budget(problem) if budget is None else budget
        with _bar("designs", total, quiet=as_json) as tick:
            found = find(problem, budget=budget, seed=seed, progress=tick)
        if plot is not None:
            _draw_front(found, plot)
        if as_json:
            echo_json(found.as_dict())
        elif len(wanted) == 1:
            _print_optimum(found)
        else:
            _print_front(found)
        _drawn(plot, quiet=as_json)


def sensitivity(
    cell: CellName,
    current: Current,
    vary: Vary = None,
    of: Annotated[str, typer.Option("--of", help=f"One of {_NAMES}.")] = "utilisation",
    fast: Fast = None,
    changes: Changes = None,
    blocks: Annotated[int, typer.Option(help="Saltelli blocks, a power of two.")] = 1024,
    seed: Seed = 1,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Tell which number matters: shares of the variance over stated ranges, after Sobol."""
    from filmcell.design.sensitivity import sensitivity as analyse

    with screen.errors(as_json, REFUSED):
        checked_folder(plot)
        problem = _problem(cell, changes, vary, [_objective(of, (current, fast), "--of")], ())
        total = blocks * (len(problem.variables) + 2)
        with _bar("simulations", total, quiet=as_json) as tick:
            found = analyse(problem, blocks=blocks, seed=seed, progress=tick)
        if plot is not None:
            _draw_bars(found, plot)
        if as_json:
            echo_json(found.as_dict())
        else:
            _print_indices(found)
        _drawn(plot, quiet=as_json)


def uncertainty(
    cell: CellName,
    current: Current,
    of: Annotated[
        list[str] | None, typer.Option("--of", help=f"Repeat; utilisation if not given: {_NAMES}.")
    ] = None,
    keys: Annotated[
        list[str] | None,
        typer.Option("--key", help="What to sample (repeat); all that can be if not given."),
    ] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option("--kind", help="measured (if not given), fitted, figure-read, ... (repeat)."),
    ] = None,
    forms: Annotated[
        list[str] | None, typer.Option("--form", help="Only film, bulk, ... (repeat).")
    ] = None,
    within: Annotated[str, typer.Option(help="How far off the temperature may be.")] = "15 K",
    relatives: Annotated[
        bool, typer.Option("--relatives", help="Count all materials of the same chemistry.")
    ] = False,
    materials: Annotated[
        list[str] | None,
        typer.Option("--material", help="Whose values: --material cathode=lco-film (repeat)."),
    ] = None,
    published: Annotated[
        bool, typer.Option("--as-published", help="Draw nothing between the published values.")
    ] = False,
    fast: Fast = None,
    changes: Changes = None,
    samples: Annotated[int, typer.Option(help="Cells to simulate.")] = 512,
    seed: Seed = 1,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Carry the spread of published values through to utilisation, energy and the like."""
    from filmcell.design.published import AsPublished, LogKernel
    from filmcell.design.uncertainty import propagate

    with screen.errors(as_json, REFUSED):
        checked_folder(plot)
        wanted = [_objective(name, (current, fast), "--of") for name in of or ["utilisation"]]
        chosen = load_changed(cell, changes)
        accepted = _accepted(kinds, forms, within, relatives)
        pairs = dict(_pair("--material", text, "cathode=lco-film") for text in materials or ())
        total = samples * len({o.protocol for o in wanted})
        with _bar("simulations", total, quiet=as_json) as tick:
            found = propagate(
                chosen, wanted, keys=keys, accepted=accepted, materials=pairs, samples=samples,
                draw=AsPublished() if published else LogKernel(), seed=seed, progress=tick,
            )  # fmt: skip
        if plot is not None:
            _draw_histogram(found, plot)
        if as_json:
            echo_json(found.as_dict())
        else:
            _print_uncertainty(found)
        _drawn(plot, quiet=as_json)


@contextmanager
def _bar(what: str, total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar that is told how many were done since the last call."""
    with screen.progress(what, total, quiet=quiet) as report:
        done = 0

        def tick(count: int) -> None:
            nonlocal done
            done += count
            report(min(done, total), total)  # the local search comes on top of the budget

        yield tick


def _pair(option: str, text: str, example: str) -> tuple[str, str]:
    """Read name=value."""
    name, sign, value = (word.strip() for word in text.partition("="))
    if not (name and sign and value):
        raise InputError(f'{option} "{text}": expected one such as "{example}"')
    return name, value


def _problem(
    name: str, changes: Sequence[str] | None, vary: Sequence[str] | None, wanted: Any, limits: Any
) -> Any:
    """Make a problem of the words of a command."""
    from filmcell.design.problem import Problem

    chosen = load_changed(name, changes)
    if not vary:
        raise InputError('--vary is missing, expected one such as "cathode.thickness=1 um..30 um"')
    return Problem(chosen, [_variable(chosen, text) for text in vary], wanted, limits)


def _variable(cell: Any, text: str) -> Any:
    """Read "cathode.thickness=1 um..30 um", perhaps with " log" behind it."""
    from filmcell.design.variables import Linear, Logarithmic, vary

    key, ends = _pair("--vary", text, "cathode.thickness=1 um..30 um")
    logarithmic = ends.endswith(" log")
    low, sign, high = (w.strip() for w in ends.removesuffix(" log").partition(".."))
    if not (low and sign and high):
        raise InputError(f'--vary "{text}": expected one such as "cathode.thickness=1 um..30 um"')
    return vary(cell, key, low, high, Logarithmic if logarithmic else Linear)


def _objective(name: str, currents: tuple[str, str | None], option: str) -> Any:
    """Make an objective by its name."""
    from filmcell.design.objectives import OBJECTIVES, RateCapability
    from filmcell.protocol.reading import read_current

    kind = OBJECTIVES.get(name)
    if kind is None:
        raise InputError(f"{option}: {shown(name)} is unknown, expected one of {_NAMES}")
    slow, fast = currents
    if kind is not RateCapability:
        return kind(read_current(slow))
    if fast is None:
        raise InputError(f'{option} {name}: the fast current is missing, expected --fast "5C"')
    return RateCapability(read_current(slow), read_current(fast))


def _wanted(
    names: Sequence[str] | None, currents: tuple[str, str | None], *, larger: bool
) -> list[Any]:
    """Make objectives, each asked for in its own direction."""
    option, other = "--maximise", "--minimise"
    if not larger:
        option, other = other, option
    found = [_objective(name, currents, option) for name in names or ()]
    for objective in found:
        if objective.larger_is_better != larger:
            word = "smaller" if larger else "larger"
            raise InputError(f"{option} {objective.name}: {word} is better, expected {other}")
    return found


def _limit(kind: Any, option: str, text: str, currents: tuple[str, str | None]) -> Any:
    """Read "utilisation=0.8"."""
    name, value = _pair(option, text, "utilisation=0.8")
    objective = _objective(name, currents, option)
    try:
        return kind(objective, _in_unit(value, objective.unit))
    except InputError as error:
        raise InputError(f'{option} "{text}": {error}') from None


def _in_unit(text: str, unit: str) -> float:
    """Read a number in the unit of an objective."""
    if unit == "Ah/m2":
        return to_si(text, "C/m2") / 3600.0
    if unit != "Wh/m2":
        return to_si(text, unit)
    number, _, word = text.partition(" ")
    sizes = {"Wh/m2": 1.0, "mWh/cm2": 10.0}
    if word.strip() not in sizes:
        raise InputError(f'{shown(text)} is not an areal energy, expected one such as "3 mWh/cm2"')
    return to_si(number, "") * sizes[word.strip()]


def _accepted(
    kinds: Sequence[str] | None, forms: Sequence[str] | None, within: str, relatives: bool
) -> Any:
    """Say which published values count."""
    from filmcell.design.published import Accepted
    from filmcell.materials.vocabulary import FORMS_OF_MATTER

    return Accepted(
        tuple(kinds or ("measured",)), tuple(forms or FORMS_OF_MATTER), to_si(within, "K"),
        relatives,
    )  # fmt: skip


def _in(objective: Any, value: float, digits: int = 5) -> str:
    """Write a value of an objective with the unit of the screen."""
    unit, size = _SHOWN[objective.unit]
    return f"{value / size:.{digits}g} {unit}".strip()


def _print_failures(judged: Any) -> None:
    """Say which designs failed."""
    for why, count in judged.failures.items():
        typer.echo(f"! {count} of {len(judged)} designs failed: {why}")


def _print_optimum(found: Any) -> None:
    """Print the best design."""
    from filmcell.design.variables import written

    problem = found.problem
    objective, cell = problem.objectives[0], problem.cell
    rows = [
        (key, written(cell, key, x), *(written(cell, key, end) for end in found.as_good[key]))
        for key, x in found.numbers.items()
    ]
    title = f"{objective}: {_in(objective, found.value)}"
    heads = ("number", "best", "within 0.1 % from", "to")
    screen.print_listing(Listing(title, heads, tuple(rows)))
    for limit, margin in zip(problem.constraints, found.margins.values(), strict=True):
        typer.echo(f"{limit}: kept, {_in(limit.objective, margin, 3)} inside")
    for sentence in found.at_bounds:
        typer.echo(f"! {sentence}")
    _print_failures(found.judged)
    typer.echo(f"{found.evaluations} designs tried, seed {found.seed}")


def _print_front(found: Any) -> None:
    """Print designs along the front."""
    from filmcell.design.variables import written

    problem = found.problem
    keys = [v.key for v in problem.variables]
    rows = [
        (*(_in(o, x) for o, x in zip(problem.objectives, found.values[k], strict=True)),
         *(written(problem.cell, key, x) for key, x in zip(keys, found.numbers[k], strict=True)))
        for k in found.picked(_ROWS)
    ]  # fmt: skip
    heads = (*(str(o) for o in problem.objectives), *keys)
    title = f"{len(found)} designs that no other beats, {len(rows)} of them"
    screen.print_listing(Listing(title, heads, tuple(rows)))
    for sentence in found.at_bounds:
        typer.echo(f"! {sentence}")
    _print_failures(found.judged)
    typer.echo(f"{found.evaluations} designs tried, seed {found.seed}")


def _print_indices(found: Any) -> None:
    """Print shares of the variance."""
    columns = (found.first, found.first_error, found.total, found.total_error)
    order = sorted(range(len(found.keys)), key=lambda k: -found.total[k])
    rows = tuple(
        (found.keys[k], *(f"{c[k]:.4f}" if j % 2 == 0 else f"+- {c[k]:.4f}"
                          for j, c in enumerate(columns))) for k in order
    )  # fmt: skip
    heads = ("number", "first order", "95 %", "total", "95 %")
    screen.print_listing(Listing(f"shares of the variance of {found.what}", heads, rows))
    for sentence in found.remarks:
        typer.echo(f"! {sentence}")
    for why, count in found.failures.items():
        typer.echo(f"! {count} designs failed: {why}")
    typer.echo(f"{found.evaluations} designs tried in {found.blocks + found.dropped} blocks, "
               f"seed {found.seed}")  # fmt: skip


def _print_uncertainty(found: Any) -> None:
    """Print figures with their interval, what was sampled, and from which sources."""
    problem = found.problem
    low, high = found.interval
    rows = tuple(
        (str(o), *(_in(o, float(x[j])) for x in (found.nominal, found.median, low, high)),
         found.strongest(j))
        for j, o in enumerate(problem.objectives)
    )  # fmt: skip
    heads = ("figure", "cell as given", "median", "5 %", "95 %", "matters most")
    screen.print_listing(Listing(problem.cell.name, heads, rows))
    ranks = tuple(
        (v.key, *(f"{r:+.2f}" for r in found.correlation[k]))
        for k, v in enumerate(problem.variables)
    )
    names = ("rank correlation", *(o.name for o in problem.objectives))
    screen.print_listing(Listing("", names, ranks))
    for g in found.gathered:
        aside = f", {len(g.aside)} set aside" if g.aside else ""
        typer.echo(f"{g.key}: {len(g.statements)} values of {g.material}{aside}")
        for statement in g.statements:
            typer.echo(f"  {statement}")
    for key, why in found.fixed.items():
        typer.echo(f"{key} stays as it is: {why}")
    for sentence in found.remarks:
        typer.echo(f"! {sentence}")
    _print_failures(found.judged)
    typer.echo(f"{len(found.judged)} samples, seed {found.seed}; counted: {found.accepted}")


def _labelled(objective: Any) -> tuple[str, float]:
    """What to write on an axis, and the size of its unit."""
    unit, size = _SHOWN[objective.unit]
    return (f"{objective} ({unit})" if unit else str(objective)), size


def _draw_front(found: Any, path: Path) -> None:
    """Draw a front of two objectives."""
    from filmcell.plot.design import pareto_front

    labels = [_labelled(o) for o in found.problem.objectives]
    sizes = [size for _, size in labels]
    tried = found.judged.values[found.judged.feasible]
    _save(pareto_front(found.values / sizes, [x for x, _ in labels], others=tried / sizes), path)


def _draw_bars(found: Any, path: Path) -> None:
    """Draw shares of the variance."""
    from filmcell.plot.design import sensitivity_bars

    errors = found.first_error, found.total_error
    ax = sensitivity_bars(found.keys, found.first, found.total, *errors)
    ax.set_xlabel(f"share of the variance of {found.what}")
    _save(ax, path)


def _draw_histogram(found: Any, path: Path) -> None:
    """Draw the first figure."""
    from filmcell.plot.design import uncertainty_histogram

    name, size = _labelled(found.problem.objectives[0])
    low, high = (float(x) / size for x in found.interval[:, 0])
    _save(
        uncertainty_histogram(
            found.values[:, 0] / size, name, interval=(low, high),
            nominal=float(found.nominal[0]) / size,
        ),
        path,
    )  # fmt: skip


def _save(ax: Any, path: Path) -> None:
    """Write a figure, with its error as a sentence."""
    from filmcell.plot import curves

    try:
        curves.save(ax, path)
    except (OSError, ValueError) as error:
        raise FilmcellError(f"{path}: cannot be drawn ({error})") from None


def _drawn(plot: Path | None, *, quiet: bool) -> None:
    """Say where a picture is."""
    if plot is not None:
        screen.note(f"drawn: {plot}", quiet=quiet)
