"""The benchmark's page and its numbers."""

import dataclasses
import json


@dataclasses.dataclass
class Goal:
    name: str
    measured: float
    bar: float
    most: bool = True  # whether more is better
    rounds: list = dataclasses.field(default_factory=list)  # what each round by itself measured

    @property
    def met(self):
        return self.meets(self.measured)

    def meets(self, measured):
        return measured >= self.bar if self.most else measured <= self.bar

    def told(self):
        """Where rounds disagree, the word is chance."""
        word = "met" if self.met else "**missed**"
        return word + ("" if all(self.meets(one) == self.met for one in self.rounds) else ", but not in every round")


@dataclasses.dataclass
class Section:
    title: str
    columns: list
    about: str
    rows: list = dataclasses.field(default_factory=list)
    goals: list = dataclasses.field(default_factory=list)
    raw: dict = dataclasses.field(default_factory=dict)

    def row(self, *cells):
        assert len(cells) == len(self.columns)
        self.rows.append(cells)


def table(columns, rows):
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [columns, ["---"] * len(columns), *rows])


def write_page(folder, about, sections):
    """benchmarks.md to read and bench.json with every round."""
    parts = ["# Benchmarks", f"Made by `{about['command']}`: do not edit. {about['machine']}; {about['versions']}; {about['date']}. "
             f"Contenders take turns, best of {about['rounds']} rounds unless said."]
    for section in sections:
        parts += [f"## {section.title}", section.about, table(section.columns, section.rows)]
    goals = [goal for section in sections for goal in section.goals]
    if goals:
        parts += ["## Goals", "Goals compare the best rounds. Where single rounds would say otherwise, met or missed is chance.", table(["goal", "measured", "bar", ""],
                                    [[goal.name, f"{goal.measured:.3g}", f"{'≥' if goal.most else '≤'} {goal.bar:g}",
                                      goal.told()] for goal in goals])]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmarks.md").write_text("\n\n".join(parts) + "\n")
    numbers = {**about, "sections": {section.title: section.raw for section in sections},
               "goals": [{**dataclasses.asdict(goal), "met": goal.met} for goal in goals]}
    (folder / "bench.json").write_text(json.dumps(numbers, indent=1) + "\n")
