// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
#include "fibre.hpp"

#include <cxxabi.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

namespace machines {

namespace {

constexpr std::size_t stack_size = 256 * 1024;
std::vector<void*> free_stacks;

void* new_stack() {
  if (!free_stacks.empty()) {
    void* const stack = free_stacks.back();
    free_stacks.pop_back();
    return stack;
  }
  void* const stack = ::mmap(nullptr, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED) throw std::bad_alloc();
  ::mprotect(stack, 4096, PROT_NONE);  // running out of it is noticed
  return stack;
}

void exchange_exceptions(void* (&kept)[2]) {
  void* now[2];
  void* const place = abi::__cxa_get_globals();
  std::memcpy(now, place, sizeof now);
  std::memcpy(place, kept, sizeof kept);
  std::memcpy(kept, now, sizeof now);
}

}  // namespace

fibre::fibre(std::function<void()> function) : function_(std::move(function)), stack_(new_stack()) {}
fibre::~fibre() { free_stacks.push_back(stack_); }

void fibre::begin(unsigned low, unsigned high) {
  auto* const self = reinterpret_cast<fibre*>(std::uintptr_t{low} | std::uintptr_t{high} << 32);
  self->function_();
  while (true) self->leave();
}

void fibre::enter() {
  exchange_exceptions(exceptions_);
  if (_setjmp(outside_) == 0) {
    if (begun_) _longjmp(mine_, 1);
    begun_ = true;
    // The context serves to get onto the new stack; from then on _setjmp, which makes no system call.
    ucontext_t context;
    ::getcontext(&context);
    context.uc_stack.ss_sp = stack_;
    context.uc_stack.ss_size = stack_size;
    context.uc_link = nullptr;
    const auto self = reinterpret_cast<std::uintptr_t>(this);
    ::makecontext(&context, reinterpret_cast<void (*)()>(&begin), 2, static_cast<unsigned>(self),
                  static_cast<unsigned>(self >> 32));
    ::setcontext(&context);
    std::abort();
  }
  exchange_exceptions(exceptions_);
}

void fibre::leave() {
  if (_setjmp(mine_) == 0) _longjmp(outside_, 1);
}

}  // namespace machines
