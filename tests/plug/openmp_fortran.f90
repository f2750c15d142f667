! SPDX-FileCopyrightText: 2026 the parloop authors
! SPDX-License-Identifier: MIT
! The same for Fortran, whose calls of the API pass addresses.
program openmp_fortran
  use omp_lib
  implicit none
  integer :: i, sums, members
  integer(8) :: total
  integer(omp_lock_kind) :: lock
  integer(omp_sched_kind) :: kind
  integer :: chunk
  call omp_set_num_threads(3)
  members = 0
  total = 0
  !$omp parallel do schedule(dynamic, 5) reduction(+:total)
  do i = 1, 1000
    total = total + int(i, 8) * i
  end do
  !$omp end parallel do
  call omp_init_lock(lock)
  sums = 0
  !$omp parallel
  !$omp single
  members = omp_get_num_threads()
  !$omp end single
  call omp_set_lock(lock)
  sums = sums + omp_get_thread_num()
  call omp_unset_lock(lock)
  !$omp end parallel
  call omp_destroy_lock(lock)
  call omp_set_schedule(omp_sched_guided, 4)
  call omp_get_schedule(kind, chunk)
  !$omp parallel do ordered schedule(static, 1)
  do i = 1, 5
    !$omp ordered
    write (*, '(a,i0)', advance='no') ' ', i
    !$omp end ordered
  end do
  !$omp end parallel do
  write (*, *)
  write (*, '(i0,1x,i0,1x,i0,1x,i0,1x,i0)') total, members, sums, kind, chunk
end program
