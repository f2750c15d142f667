# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Numba's parallel loops on parloop: `import parloop_numba`, before the first parallel function is compiled.

Nothing else changes: `prange`, `@vectorize` and `@guvectorize` with `target="parallel"`, `set_num_threads`,
`parallel_chunksize` and `NUMBA_NUM_THREADS` are Numba's own. Threads are parloop's default backend's, so `PARLOOP_IDLE`,
`PARLOOP_BACKEND` and `PARLOOP_NUM_THREADS` hold. Whatever layer Numba is told to choose, it finds this one;
`numba.threading_layer()` still says the chosen name, and `parloop_numba.is_active()` whether it is this one."""
import ctypes
import pathlib
import sys
import types

import numba
import numba.np.ufunc
from numba.np.ufunc import parallel, workqueue

__all__ = ["is_active"]

_FUNCTIONS = ["launch_threads", "synchronize", "ready", "add_task", "parallel_for", "do_scheduling_signed",
              "do_scheduling_unsigned", "allocate_sched", "deallocate_sched", "set_num_threads", "get_num_threads",
              "get_thread_id", "set_parallel_chunksize", "get_parallel_chunksize", "get_sched_size"]
_layer = None


def _load():
    folder = pathlib.Path(__file__).parent
    for name in ("_layer.so", "_layer.dylib", "_layer.dll"):
        if (folder / name).exists():
            return ctypes.CDLL(str(folder / name))
    raise ImportError("parloop_numba: there is no _layer library in " + str(folder))


def _address(function):
    return ctypes.cast(function, ctypes.c_void_p).value


def _install():
    global _layer
    if parallel._is_initialized:
        raise ImportError("parloop_numba: Numba has started its %s threading layer already; import parloop_numba before "
                          "the first parallel function is compiled" % parallel.threading_layer())
    _layer = _load()
    # How loops of several dimensions are cut is Numba's business: the function is the same in all of its layers.
    _layer.parloop_numba_use(ctypes.c_void_p(workqueue.do_scheduling_signed))
    addresses = {name: _address(getattr(_layer, name)) for name in _FUNCTIONS}
    for name in ("tbbpool", "omppool", "workqueue"):
        module = types.ModuleType("numba.np.ufunc." + name, "parloop in place of Numba's own")
        module.__dict__.update(addresses, openmp_vendor="parloop")
        sys.modules[module.__name__] = module
        setattr(numba.np.ufunc, name, module)
    # A name or a priority is the user's; of what is asked for by its safety this one has all, without TBB, too.
    if str(numba.config.THREADING_LAYER).lower() in ("safe", "threadsafe", "forksafe"):
        numba.config.THREADING_LAYER = "omp"


def is_active():
    """Whether Numba has started its threads, and they are parloop's."""
    if not parallel._is_initialized:
        return False
    return _address(parallel._get_thread_id) == _address(_layer.get_thread_id)


_install()
