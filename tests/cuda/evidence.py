#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""Evidence about the shipped kernels from what nvcc makes of them, without a GPU.

Per compute capability: registers and spills as ptxas reports them, the width and the order of global memory accesses in
the machine code, and the occupancy that follows. Fails when a kernel falls short, when the reading of the machine code
fails its own calibration, or when a kernel that is bad on purpose passes. `--table` prints the table of the README.
"""
import argparse
import collections
import os
import re
import struct
import subprocess
import sys
import tempfile

# Low 12 bits of an instruction: global load and store, in the forms with and without a uniform register.
LOADS = {0x381, 0x981}
STORES = {0x386, 0x986}
# Bits 73 to 75 of an instruction: width of the access in bits. Unsigned and signed narrow accesses differ in the code.
WIDTHS = {0: 8, 1: 8, 2: 16, 3: 16, 4: 32, 5: 64, 6: 128}
# Copies of every width, by which the two tables above are calibrated on every run.
CALIBRATION = """
#define COPY(name, T) extern "C" __global__ void name(T* y, const T* x) { y[threadIdx.x] = x[threadIdx.x]; }
COPY(copy_8, unsigned char) COPY(copy_16, unsigned short) COPY(copy_32, int) COPY(copy_64, long long)
COPY(copy_128, int4)
"""
THREADS_PER_BLOCK = 256
# Registers per thread up to which 65536 registers hold every thread that the multiprocessor can have.
FULL_OCCUPANCY_REGISTERS = {75: 64, 80: 32, 86: 40, 90: 32, 100: 32, 120: 40}

Kernel = collections.namedtuple("Kernel", "name registers spilled accesses")
failures = []


def expect(holds, text):
    if not holds:
        failures.append(text)
        print("FAILED:", text)


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("%s\n%s%s" % (" ".join(command), done.stdout, done.stderr))
    return done.stdout + done.stderr


def accesses(code):
    """(kind, width in bits) of the global accesses in a kernel's machine code, in order. 16 bytes per instruction."""
    found = []
    for offset in range(0, len(code) - 15, 16):
        low, high = struct.unpack_from("<QQ", code, offset)
        opcode, width = low & 0xFFF, WIDTHS.get(high >> 9 & 7)
        if opcode in LOADS:
            found.append(("load", width))
        elif opcode in STORES:
            found.append(("store", width))
    return found


def code_sections(path):
    """Name of the kernel -> its machine code, from an ELF file."""
    with open(path, "rb") as f:
        data = f.read()
    table, = struct.unpack_from("<Q", data, 0x28)
    entry_size, entries, names_index = struct.unpack_from("<HHH", data, 0x3A)
    headers = [struct.unpack_from("<IIQQQQIIQQ", data, table + i * entry_size) for i in range(entries)]
    names = headers[names_index][4]
    found = {}
    for name, _, _, _, offset, size, *_ in headers:
        text = data[names + name:data.index(b"\0", names + name)].decode()
        if text.startswith(".text."):
            found[text[len(".text."):]] = data[offset:offset + size]
    return found


def demangled(names):
    text = subprocess.run(["c++filt"], input="\n".join(names), capture_output=True, text=True, check=True).stdout
    return [line.split("(tile_plan")[0] for line in text.splitlines()]


def ptx_of(options, source, architecture, folder):
    path = os.path.join(folder, "kernels_%d.ptx" % architecture)
    run([options.nvcc, "-std=c++20", "--extended-lambda", "-ptx", "-arch=compute_%d" % architecture,
         "-I" + options.include, "-Werror", "all-warnings", source, "-o", path])
    return path


def assembled(options, ptx, architecture, folder):
    """The kernels of a PTX file, as ptxas makes them for one architecture."""
    cubin = os.path.join(folder, "kernels_%d.cubin" % architecture)
    log = run([options.nvcc, "-cubin", "-arch=sm_%d" % architecture, "-Xptxas", "-v", ptx, "-o", cubin])
    facts = {}
    for block in re.split(r"Compiling entry function '", log)[1:]:
        spills = re.search(r"(\d+) bytes spill stores, (\d+) bytes spill loads", block)
        facts[block.split("'")[0]] = (int(re.search(r"Used (\d+) registers", block).group(1)),
                                      int(spills.group(1)) + int(spills.group(2)))
    code = code_sections(cubin)
    mangled = sorted(facts)
    return [Kernel(name, *facts[m], accesses(code[m])) for m, name in zip(mangled, demangled(mangled))]


def compiled(options, source, architecture, folder):
    """The kernels of a source file, compiled for one architecture."""
    return assembled(options, ptx_of(options, source, architecture, folder), architecture, folder)


def calibrate(options, architecture, folder):
    source = os.path.join(folder, "calibration.cu")
    with open(source, "w") as f:
        f.write(CALIBRATION)
    for k in compiled(options, source, architecture, folder):
        width = int(k.name.split("_")[1])
        expect(k.accesses == [("load", width), ("store", width)],
               "calibration on sm_%d: %s is read as %s" % (architecture, k.name, k.accesses))


def tile_facts(name):
    """(packs, function, element type, inputs) of a tile kernel, or None."""
    m = re.search(r"transform_tiles<(\d+), (.*)>\(", name)
    if not m:
        return None
    parts = re.sub(r"[a-z_0-9:]*::constant<[^>]*>", "constant", m.group(2)).split(", ")
    return int(m.group(1)), parts[0], parts[1], len(parts) - 2


def tile_faults(packs, inputs, wide):
    """What is wrong with the order and number of a tile kernel's 128-bit accesses."""
    faults = []
    if wide.count("load") != packs * inputs:
        faults.append("%d loads of 128 bits, not %d" % (wide.count("load"), packs * inputs))
    if wide.count("store") != packs:
        faults.append("%d stores of 128 bits, not %d" % (wide.count("store"), packs))
    if wide != sorted(wide):
        faults.append("a store comes before a load")
    return faults


def wide_accesses(kernel):
    return [kind for kind, width in kernel.accesses if width == 128]


def check_kernel(kernel, architecture):
    where = "sm_%d %s" % (architecture, kernel.name)
    expect(kernel.spilled == 0, where + ": spills registers")
    tile = tile_facts(kernel.name)
    # Elements of one or two bytes keep the compiler busy with packing; where the occupancy is full with more than 32
    # registers it takes more, as it does for unrolling the loops of several iterations. That it could do without is
    # what check_capped shows.
    small = tile and tile[3] > 0 and tile[2] in ("signed char", "short")
    several = not tile and "several" in short_name(kernel)[0]
    most = FULL_OCCUPANCY_REGISTERS[architecture] if small or several else 32
    expect(kernel.registers <= most, "%s: %d registers" % (where, kernel.registers))
    if not tile:
        return
    packs, _, _, inputs = tile
    for fault in tile_faults(packs, inputs, wide_accesses(kernel)):
        expect(False, "%s: %s" % (where, fault))


def check_ptx(path, architecture):
    """The same widths in the PTX, which is what the emulator runs."""
    with open(path) as f:
        bodies = re.split(r"\.entry ", f.read())[1:]
    names = demangled([re.match(r"[\w$]+", b).group(0) for b in bodies])
    seen = 0
    for name, body in zip(names, bodies):
        tile = tile_facts(name)
        if not tile:
            continue
        packs, _, _, inputs = tile
        wide = []
        for kind, count, bits in re.findall(r"\b(ld|st)\.global\.(?:nc\.)?v([24])\.[a-z](\d+)", body):
            if int(count) * int(bits) == 128:
                wide.append({"ld": "load", "st": "store"}[kind])
        seen += 1
        for fault in tile_faults(packs, inputs, wide):
            expect(False, "PTX of compute_%d, %s: %s" % (architecture, name, fault))
    expect(seen >= 20, "PTX of compute_%d: %d tile kernels" % (architecture, seen))


def check_capped(options, path, architecture, folder):
    """What the kernels need, as opposed to what ptxas takes where there is room: 32 registers, and nothing spilled."""
    with open(path) as f:
        text, kernels = re.subn(r"(?m)^(\.maxntid .*)$", r"\1\n.maxnreg 32", f.read())
    capped = os.path.join(folder, "capped_%d.ptx" % architecture)
    with open(capped, "w") as f:
        f.write(text)
    made = assembled(options, capped, architecture, folder)
    expect(len(made) == kernels, "sm_%d: %d kernels, %d of them capped" % (architecture, len(made), kernels))
    for k in made:
        expect(k.registers <= 32 and k.spilled == 0, "sm_%d %s: with at most 32 registers it takes %d and spills %d bytes"
               % (architecture, k.name, k.registers, k.spilled))


def check_negative(options, source, architecture, folder):
    kernels = {k.name: k for k in compiled(options, source, architecture, folder)}
    narrow, interleaved, spilled = kernels["narrow"], kernels["interleaved"], kernels["spilled"]
    expect(bool(tile_faults(1, 1, wide_accesses(narrow))), "sm_%d: a narrow kernel passes" % architecture)
    expect("a store comes before a load" in tile_faults(2, 1, wide_accesses(interleaved)),
           "sm_%d: interleaved loads and stores pass" % architecture)
    expect(spilled.spilled > 0, "sm_%d: no spill is reported where there must be one" % architecture)


def occupancy(options, architecture, registers):
    blocks, percent = run([options.occupancy, str(architecture), str(registers)]).split()
    return int(blocks), int(percent)


def short_name(kernel):
    tile = tile_facts(kernel.name)
    if tile:
        packs, function, element, inputs = tile
        verb = {"constant": "fill", "index_as": "generate"}.get(function, "transform, %d in" % inputs)
        return "%s, %s" % (verb, element), "%d x 128 bit" % (packs * max(inputs, 1)), packs * inputs * 16
    step, way, rank = re.search(r"for_each_index<(.*?), (.*?), \(?(?:int\))?(\d)", kernel.name).groups()
    step = "steps of one" if re.search(r"(0|one)$", step) else "any step"
    way = {"0": "", "1": ", several along x", "2": ", several rows"}[re.sub(r".*\)|.*::", "", way)]
    return "parallel_for, %s-D, %s%s" % (rank, step, way), "the function's", 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nvcc", default="nvcc")
    parser.add_argument("--include", required=True, help="the directory that holds parloop/")
    parser.add_argument("--occupancy", required=True, help="the program made from occupancy.cpp")
    parser.add_argument("--architectures", type=int, nargs="+", default=[75, 80, 86, 90, 100, 120])
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    source = os.path.join(here, "evidence_kernels.cu")
    rows = collections.OrderedDict()
    with tempfile.TemporaryDirectory() as folder:
        for a in options.architectures:
            calibrate(options, a, folder)
            check_negative(options, os.path.join(here, "evidence_negative.cu"), a, folder)
            ptx = ptx_of(options, source, a, folder)
            kernels = assembled(options, ptx, a, folder)
            expect(len(kernels) >= 25, "sm_%d: only %d kernels" % (a, len(kernels)))
            for k in kernels:
                check_kernel(k, a)
                blocks, percent = occupancy(options, a, k.registers)
                expect(percent == 100, "sm_%d %s: occupancy %d %%" % (a, k.name, percent))
                name, width, thread_bytes = short_name(k)
                in_flight = "%dK" % (blocks * THREADS_PER_BLOCK * thread_bytes // 1024) if thread_bytes else ""
                rows.setdefault((name, width), []).append((k.registers, percent, in_flight, k.spilled))
            print("sm_%d: %d kernels, registers up to %d" % (a, len(kernels), max(k.registers for k in kernels)))
            check_ptx(ptx, a)
            check_capped(options, ptx, a, folder)
    if options.table:
        print("| kernel | access | registers | bytes spilled | occupancy | bytes in flight per multiprocessor |")
        print("| --- | --- | --- | --- | --- | --- |")
        for (name, width), cells in sorted(rows.items()):
            print("| %s | %s | %s | %d | %s %% | %s |" % (
                name, width, " ".join(str(c[0]) for c in cells), max(c[3] for c in cells),
                " ".join(sorted({str(c[1]) for c in cells})), " ".join(c[2] for c in cells).strip()))
    print("evidence: %d failures" % len(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
