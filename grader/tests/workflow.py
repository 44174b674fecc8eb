"""Runs a workflow of GitHub's here: each job's steps in order, with real clones and commands.

What the workflow uses of the service is played: checkout fetches from a local repository, the
artifacts are folders. Whatever is not known here fails, so that nothing is passed over.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

import yaml

from grader.workbook import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "autograde.yml"
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass
class Run:
    """What one pull request's run came to."""

    results: Dict[str, str] = field(default_factory=dict)
    outputs: Dict[str, str] = field(default_factory=dict)
    artifacts: List[str] = field(default_factory=list)
    summary: str = ""
    log: str = ""

    @property
    def annotations(self) -> List[str]:
        """The lines of the log that GitHub takes as errors and notices."""
        lines, token = [], None
        for line in self.log.splitlines():
            stop = re.match(r"\s*::stop-commands::(\w+)", line)
            if token is None and stop:
                token = f"::{stop[1]}::"
            elif token is not None and line.strip() == token:
                token = None
            elif token is None and line.lstrip().startswith("::"):
                lines.append(line)
        return lines


@dataclass
class Rehearsal:
    """One run of the workflow over a pull request of the repository ``origin``."""

    origin: Path
    base: str
    head: str
    folder: Path
    skipped_steps: Sequence[str] = ()
    run: Run = field(default_factory=Run)

    def perform(self) -> Run:
        """Run all jobs, each in a folder of its own, as on a machine of its own."""
        jobs = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
        self._job("plan", jobs["plan"], None)
        planned = self.run.outputs.get("exercises", "")
        if self.run.results["plan"] == "success" and planned != "[]":
            ended = [self._job("grade", jobs["grade"], name) for name in yaml.safe_load(planned)]
            self.run.results["grade"] = "success" if set(ended) == {"success"} else "failure"
        else:
            self.run.results["grade"] = "skipped"
        self._job("verdict", jobs["verdict"], None)
        return self.run

    def _job(self, name: str, job: Mapping[str, Any], exercise: Optional[str]) -> str:
        machine = self.folder / f"{name}-{exercise or 'job'}"
        machine.mkdir(parents=True)
        result = "success"
        for step in job["steps"]:
            if result == "failure" and step.get("if") != "always()":
                continue
            if not self._step(step, machine, exercise):
                result = "failure"
        self.run.results[name] = result
        return result

    def _step(self, step: Mapping[str, Any], machine: Path, exercise: Optional[str]) -> bool:
        if step.get("name") in self.skipped_steps or not self._wanted(step.get("if", "always()")):
            return True
        if "run" in step:
            return self._command(step, machine, exercise)
        given = {k: self._filled(v, exercise) for k, v in step.get("with", {}).items()}
        action = step["uses"].split("@")[0]
        if action == "actions/checkout":
            assert given["persist-credentials"] is False
            _check_out(self.origin, given["ref"], machine / given["path"], given.get("fetch-depth"))
        elif action == "actions/upload-artifact":
            kept = self.folder / "artifacts" / given["name"]
            shutil.copytree(machine / given["path"], kept)
            self.run.artifacts += sorted(f"{kept.name}/{file.name}" for file in kept.iterdir())
        elif action == "actions/download-artifact":
            for artifact in (self.folder / "artifacts").glob(given["pattern"]):
                for file in artifact.iterdir():
                    (machine / given["path"]).mkdir(exist_ok=True)
                    shutil.copy(file, machine / given["path"])
        else:
            assert action == "actions/setup-python", action
        return True

    def _wanted(self, condition: str) -> bool:
        planned = self.run.results.get("plan") == "success"
        known = {
            "always()": True,
            "needs.plan.result == 'success' && needs.plan.outputs.exercises != '[]'": planned
            and self.run.outputs["exercises"] != "[]",
        }
        return known[condition]

    def _filled(self, value: Any, exercise: Optional[str]) -> Any:
        values = {
            "github.event.pull_request.base.sha": self.base,
            "github.event.pull_request.head.sha": self.head,
            "matrix.exercise": exercise,
            "needs.plan.outputs.exercises": self.run.outputs.get("exercises", ""),
            "needs.plan.result": self.run.results.get("plan"),
            "needs.grade.result": self.run.results.get("grade"),
        }
        if not isinstance(value, str):
            return value
        return _EXPRESSION.sub(lambda match: str(values[match[1]]), value)

    def _command(self, step: Mapping[str, Any], machine: Path, exercise: Optional[str]) -> bool:
        assert "${{" not in step["run"], "an expression in a script"
        given = {k: self._filled(v, exercise) for k, v in step.get("env", {}).items()}
        files = {name: machine / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "PYTEST_"))},
            **{name: str(path) for name, path in files.items()},
            **given,
            "GITHUB_ACTIONS": "true",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PIP_NO_INDEX": "1",  # all is there: the test's own environment is the machine's
        }
        done = subprocess.run(
            # As GitHub runs a script without a `shell`.
            ["bash", "-e", "-c", step["run"]],
            cwd=str(machine / step["working-directory"]),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self.run.log += done.stdout
        self._read(files)
        return done.returncode == 0

    def _read(self, files: Mapping[str, Path]) -> None:
        for name, path in files.items():
            text = path.read_text(encoding="utf-8") if path.exists() else ""
            path.unlink() if path.exists() else None
            if name == "GITHUB_STEP_SUMMARY":
                self.run.summary += text
            else:
                pairs = (line.partition("=") for line in text.splitlines())
                self.run.outputs.update((key, value) for key, _, value in pairs)


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as a person without settings of their own."""
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.hooksPath="]
    return subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
    ).stdout.strip()


def _check_out(origin: Path, ref: str, target: Path, depth: Optional[int]) -> None:
    """What actions/checkout does with a commit: one alone, or with ``fetch-depth: 0`` all."""
    target.mkdir()
    git(target, "init", "-q")
    wanted = ["--depth=1", str(origin), ref]
    if depth == 0:
        wanted = [str(origin), "+refs/heads/*:refs/remotes/origin/*", ref]
    git(target, "fetch", "-q", *wanted)
    git(target, "checkout", "-q", ref)
