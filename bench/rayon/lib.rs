// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT

//! Rayon's loops for the C++ programs: one over any body, as `into_par_iter` runs it, and those over arrays, whose
//! bodies rustc has to see to vectorise them.

use rayon::prelude::*;
use std::ffi::c_void;
use std::slice;

struct Body {
    call: extern "C" fn(*const c_void, i64),
    data: *const c_void,
}

unsafe impl Sync for Body {} // the C++ side may be called by several threads at once

impl Body {
    fn run(&self, i: i64) {
        (self.call)(self.data, i)
    }
}

#[no_mangle]
pub extern "C" fn rayon_for_each(n: i64, call: extern "C" fn(*const c_void, i64), data: *const c_void) {
    let body = Body { call, data };
    (0..n).into_par_iter().for_each(|i| body.run(i));
}

/// y = x + a.
/// # Safety
/// `x` and `y` point to `n` elements each, which nobody else writes.
#[no_mangle]
pub unsafe extern "C" fn rayon_add(x: *const f64, y: *mut f64, a: f64, n: usize) {
    let (x, y) = (slice::from_raw_parts(x, n), slice::from_raw_parts_mut(y, n));
    y.par_iter_mut().zip(x).for_each(|(y, x)| *y = x + a);
}

/// y = x.
/// # Safety
/// As `rayon_add`.
#[no_mangle]
pub unsafe extern "C" fn rayon_copy(x: *const f64, y: *mut f64, n: usize) {
    let (x, y) = (slice::from_raw_parts(x, n), slice::from_raw_parts_mut(y, n));
    y.par_iter_mut().zip(x).for_each(|(y, x)| *y = *x);
}

/// y = a * x + z.
/// # Safety
/// As `rayon_add`, `z` too.
#[no_mangle]
pub unsafe extern "C" fn rayon_axpy(x: *const f64, z: *const f64, y: *mut f64, a: f64, n: usize) {
    let (x, z) = (slice::from_raw_parts(x, n), slice::from_raw_parts(z, n));
    let y = slice::from_raw_parts_mut(y, n);
    y.par_iter_mut().zip(x).zip(z).for_each(|((y, x), z)| *y = a * x + z);
}
