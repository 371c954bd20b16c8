"""The queue of builds and the process that works it off: real processes, killed, cancelled, resumed."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from kolgraph import jobs
from kolgraph.errors import BusyError, StoreError, UsageError
from kolgraph.queue import REBUILD, Queue
from kolgraph.services import judging, landscapes
from kolgraph.services.shelf import shelf
from kolgraph.workspace import Workspace

GIVEN = {"keys": {}, "contact": "", "base_urls": {}, "graphs": {}}


def until(true, seconds=60):
    """Wait for a state, not for a time."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
    return found


@pytest.fixture
def queue(tmp_path):
    """A queue whose worker does not outlive the test."""
    one = Queue(tmp_path)
    yield one
    for job in one.unfinished():
        one.cancel(job.id)
    until(lambda: not one.working())


def fresh(home: Path, small_world: Path, name: str = "asthma") -> Path:
    """A landscape of the small world, of which nothing is loaded yet."""
    shutil.copytree(small_world / "files", home / name / "files")
    shutil.copy(small_world / "landscape.toml", home / name)
    return home / name


def over(queue, number):
    return until(lambda: (job := queue.job(number)).state in ("done", "failed", "cancelled", "interrupted") and job)


def reached(job, name):
    """The job, once it is in this step or over."""
    there = any(step.name == name and step.state == "running" for step in job.steps)
    return job if there or job.state not in ("waiting", "running") else None


def test_a_build_runs_in_a_process_of_its_own_and_gives_the_same_graph(queue, small_world):
    folder = fresh(queue.home, small_world)
    job = queue.add("asthma", "build", "Mara")
    queue.start(GIVEN)
    assert over(queue, job.id).state == "done"
    assert queue.job(job.id).pid != os.getpid()
    steps = queue.job(job.id).steps
    assert [(step.name, step.state) for step in steps] == [
        (name, "done") for name in ("load ror", "load pubmed", "load clinicaltrials", "resolve", "build", "score")
    ]
    assert steps[1].done == steps[1].of > 100
    with Workspace(folder) as ws, Workspace(small_world) as known:
        assert jobs.status(ws, with_hash=True)["hash"] == jobs.status(known, with_hash=True)["hash"]
    assert [one.id for one in queue.untold()] == [job.id]
    assert queue.untold() == []


def test_killed_it_is_interrupted_and_goes_on_to_the_same_end(queue, small_world):
    folder = fresh(queue.home, small_world)
    job = queue.add("asthma", "build", "Mara")
    kills = 0
    for step in ("load pubmed", "resolve", "score"):
        queue.start(GIVEN)
        running = until(lambda step=step: reached(queue.job(job.id), step))
        if running.state != "running":
            break
        os.kill(running.pid, signal.SIGKILL)
        kills += 1
        until(lambda: not queue.working())
        assert [one.state for one in queue.sweep()] == ["interrupted"]
        assert "interrupted" in [one.state for one in queue.job(job.id).steps]
        queue.resume(job.id)
    assert kills
    queue.start(GIVEN)
    assert over(queue, job.id).state == "done"
    with Workspace(folder) as ws, Workspace(small_world) as known:
        assert jobs.status(ws, with_hash=True)["hash"] == jobs.status(known, with_hash=True)["hash"]


def test_cancelled_it_ends_at_once_keeps_what_is_stored_and_can_be_resumed(queue, small_world):
    fresh(queue.home, small_world)
    job = queue.add("asthma", "build", "Mara")
    queue.start(GIVEN)
    until(lambda: queue.job(job.id).state == "running")
    queue.cancel(job.id)
    ended = over(queue, job.id)
    assert (ended.state, ended.message) == ("cancelled", "Cancelled: what was loaded stays.")
    assert queue.untold() == []  # whoever cancels knows
    until(lambda: not queue.working())
    queue.resume(job.id)
    queue.start(GIVEN)
    assert over(queue, job.id).state == "done"


def test_one_after_the_other_and_one_of_each_landscape(queue, small_world):
    for name in ("asthma", "copd"):
        fresh(queue.home, small_world, name)
    first, second = (queue.add(name, "build", "Mara") for name in ("asthma", "copd"))
    with pytest.raises(BusyError, match="asthma is being built already"):
        queue.add("asthma", "refresh", "Jo")
    queue.start(GIVEN)
    until(lambda: queue.job(first.id).state == "running")
    assert queue.job(second.id).state == "waiting"
    queue.cancel(first.id)  # the same process goes on with the next
    assert over(queue, second.id).state == "done"
    assert queue.job(second.id).pid == queue.job(first.id).pid
    assert queue.job(first.id).state == "cancelled"


def test_what_follows_a_decision_asks_no_source(queue, small_world):
    folder = Path(shutil.copytree(small_world, queue.home / "asthma"))
    shutil.rmtree(folder / "files")  # whoever asked them would say so
    with Workspace(folder) as ws:
        loads, graph = ws.inbox.loads(), jobs.built(ws)
        anchors = [anchor for _, anchor in ws.ledger.register()[:2]]
        judging.decide(ws, "same", *anchors, "Mara", "one e-mail address")
    held = shelf(folder)
    job = over(queue, landscapes.rebuild(held, "asthma", "Mara").id)
    held.ws.close()
    assert (job.kind, job.state, job.message) == (REBUILD, "done", "")
    assert [(step.name, step.state) for step in job.steps] == [(name, "done") for name in ("resolve", "build", "score")]
    with Workspace(folder) as ws:
        assert judging.pending(ws) == 0
        assert len(set(judging.persons_of(ws, anchors).values())) == 1
        assert ws.inbox.loads() == loads
        assert jobs.built(ws) != graph
        assert jobs.status(ws)["fresh"]


def test_what_was_never_built_is_built_where_a_decision_would_be_heard(queue, small_world):
    held = shelf(fresh(queue.home, small_world))
    job = over(queue, landscapes.rebuild(held, "asthma", "Mara").id)
    assert (job.kind, job.state) == ("build", "done")
    assert [step.name for step in job.steps][:3] == ["load ror", "load pubmed", "load clinicaltrials"]
    assert landscapes.entry(held, "asthma").condition.state == "ready"
    held.ws.close()


def test_what_was_interrupted_is_queued_again_but_not_for_ever(tmp_path):
    queue = Queue(tmp_path)
    assert queue.revive() == queue.jobs() == queue.untold() == []
    assert not queue.path.exists()  # to look makes nothing
    job = queue.add("asthma", "build", "Mara")
    for _ in range(2):
        queue.claim(1)
        assert [one.id for one in queue.revive()] == [job.id]
        assert queue.job(job.id).state == "waiting"
    queue.claim(1)
    assert queue.revive() == []
    assert (queue.job(job.id).state, queue.job(job.id).tries) == ("interrupted", 3)
    queue.resume(job.id)
    assert queue.job(job.id).state == "waiting"


def test_who_dies_after_being_told_to_stop_is_cancelled_and_not_revived(tmp_path):
    queue = Queue(tmp_path)
    number = queue.add("asthma", "build", "ada").id
    with queue.work():
        queue.claim(os.getpid())
    with queue._open() as db:  # what `cancel` writes before its signal arrives
        db.execute("UPDATE job SET stop = 1 WHERE id = ?", (number,))
    assert queue.revive() == []
    job = queue.job(number)
    assert (job.state, job.tries, job.stop) == ("cancelled", 0, 0)


def test_a_job_that_waits_is_cancelled_at_once_and_an_unknown_one_is_named(tmp_path):
    queue = Queue(tmp_path)
    job = queue.add("asthma", "build", "Mara")
    queue.cancel(job.id)
    assert queue.job(job.id).state == "cancelled"
    with pytest.raises(UsageError, match="no build number 99"):
        queue.job(99)
    queue.forget("asthma")
    assert queue.jobs() == []


def test_whoever_waited_for_somebody_else_says_so_no_longer_once_at_work(tmp_path):
    queue = Queue(tmp_path)
    job = queue.plan(queue.add("asthma", "build", "Mara").id, [("load pubmed", "PubMed")])
    queue.step(job.id, 0, "running", "Waiting: somebody else writes.")
    assert queue.job(job.id).steps[0].message == "Waiting: somebody else writes."
    queue.progress(job.id, 0, 1, 10, "asthma", 0, time.time())
    assert queue.job(job.id).steps[0].message == ""


def test_a_file_that_is_no_queue_is_one_line(tmp_path):
    queue = Queue(tmp_path)
    queue.path.parent.mkdir()
    queue.path.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match="cannot be written: file is not a database"):
        queue.add("asthma", "build", "Mara")


def test_rate_and_time_left_are_reckoned_from_where_the_process_began(tmp_path):
    queue = Queue(tmp_path)
    job = queue.plan(queue.add("asthma", "build", "Mara").id, [("load pubmed", "PubMed")])
    assert job.steps[0].left() is None
    queue.progress(job.id, 0, 600, 1000, "asthma", 500, time.time() - 10)
    step = queue.job(job.id).steps[0]
    assert 9 < step.rate() < 11
    assert 36 < step.left() < 44
