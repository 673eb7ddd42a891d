"""`reportsearch eval`: how good the ranking is, on judged queries."""

import json
from pathlib import Path
from typing import Any

import click

from ..evaluation import Comparison, Evaluation, Judged, compare, evaluate, read_run, write_run
from .options import format_option, progress_options
from .watching import log_to_stderr, watching

__all__ = ["command"]


@click.command("eval")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option("--language", default="en", show_default=True, help="The language of the documents.")
@click.option(
    "--run-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="Write the ranking in TREC form.",
)
@click.option(
    "--compare", "other", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="RUN",
    help="Tell the difference from another ranking in TREC form, with a paired randomisation test.",
)  # fmt: skip
@progress_options
@format_option("table", "json")
def command(
    folder: Path,
    language: str,
    run_file: Path | None,
    other: Path | None,
    quiet: bool,
    no_progress: bool,
    log_format: str,
    output_format: str,
) -> None:
    """Judge the ranking: index DIR/corpus.jsonl aside, ask DIR/queries.jsonl, compare with DIR/qrels.tsv.

    \b
    Examples:
      reportsearch eval judged/
      reportsearch eval judged/ --run-file before.trec
      reportsearch eval judged/ --compare before.trec
    """
    log_to_stderr(log_format, quiet=quiet)
    judged = Judged.read(folder)
    former = read_run(other) if other else None
    with watching(quiet=quiet, no_progress=no_progress) as progress:
        evaluation = evaluate(judged, language, progress)
    if run_file is not None:
        write_run(run_file, evaluation.run)
    comparison = compare(judged.qrels, evaluation, former) if former is not None else None
    figures = _figures(evaluation, comparison)
    if output_format == "json":
        click.echo(json.dumps(figures, indent=2))
    else:
        for name, figure in figures.items():
            click.echo(f"{click.style(f'{name:>18}', fg='green')}  {figure}")


def _figures(evaluation: Evaluation, comparison: Comparison | None) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "queries": evaluation.queries,
        "ndcg_at_10": round(evaluation.ndcg_at_10, 4),
        "map": round(evaluation.map, 4),
        "recall_at_100": round(evaluation.recall_at_100, 4),
        "ms_per_query": round(evaluation.ms_per_query, 2),
    }
    if comparison is not None:
        figures["other_ndcg_at_10"] = round(comparison.other, 4)
        figures["difference"] = round(comparison.difference, 4)
        figures["p_value"] = round(comparison.p_value, 4)
    return figures
