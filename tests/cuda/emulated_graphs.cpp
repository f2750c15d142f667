// SPDX-FileCopyrightText: 2026 the parloop authors
// SPDX-License-Identifier: MIT
/// \file
/// The emulator, and on top of it what it has not: stream capture and graphs. One capture at a time, of one stream.
/// More strict than a GPU: allocations and pageable memory in a capture spoil it, too, since no verb should need them
/// there.
#include <cuda_occupancy.h>
#include <cuda_runtime_api.h>

#include <utility>

// The emulator's functions get other names; those below stand in front of them.
#define cudaStreamIsCapturing plain_cudaStreamIsCapturing
#define cudaLaunchKernelExC plain_cudaLaunchKernelExC
#define cudaLaunchKernel plain_cudaLaunchKernel
#define __cudaLaunchKernel plain___cudaLaunchKernel
#define cudaMemcpyAsync plain_cudaMemcpyAsync
#define cudaMemsetAsync plain_cudaMemsetAsync
#define cudaEventRecord plain_cudaEventRecord
#define cudaMallocAsync plain_cudaMallocAsync
#define cudaFreeAsync plain_cudaFreeAsync
#define cudaMalloc plain_cudaMalloc
#define cudaFree plain_cudaFree
#define cudaMemcpy plain_cudaMemcpy
#define cudaStreamSynchronize plain_cudaStreamSynchronize
#define cudaDeviceSynchronize plain_cudaDeviceSynchronize
#include "cudaemu.cpp"
#undef cudaStreamIsCapturing
#undef cudaLaunchKernelExC
#undef cudaLaunchKernel
#undef __cudaLaunchKernel
#undef cudaMemcpyAsync
#undef cudaMemsetAsync
#undef cudaEventRecord
#undef cudaMallocAsync
#undef cudaFreeAsync
#undef cudaMalloc
#undef cudaFree
#undef cudaMemcpy
#undef cudaStreamSynchronize
#undef cudaDeviceSynchronize

namespace {

/// The captured work in the order of the calls.
struct emulated_graph {
  std::vector<std::function<void()>> work;
};

struct emulated_capture {
  cudaStream_t stream = nullptr;  // null: there is none
  bool spoilt = false;
  emulated_graph graph;
};
emulated_capture capture;
int live_graphs = 0;

bool captured(cudaStream_t s) { return capture.stream != nullptr && s == capture.stream; }

cudaError_t spoil(cudaError_t code) {
  capture.spoilt = true;
  return fail(code);
}

/// Work for a stream: recorded when that is captured, else done. The default stream would wait for the captured one.
template <class Call>
cudaError_t queue(cudaStream_t s, Call call) {
  LOCK;
  if (capture.stream == nullptr) return call();
  if (!S(s)) return spoil(cudaErrorStreamCaptureImplicit);
  if (!captured(s)) return call();
  const bool defer = std::exchange(g().defer, true);
  const cudaError_t code = call();
  g().defer = defer;
  for (auto& f : S(s)->q) capture.graph.work.push_back(std::move(f));
  S(s)->q.clear();
  return code;
}

/// What no thread may do while it captures.
template <class Call>
cudaError_t outside(bool forbidden, Call call) {
  LOCK;
  return forbidden ? spoil(cudaErrorStreamCaptureUnsupported) : call();
}

cudaGraph_t handle_of(emulated_graph graph) {
  ++live_graphs;
  return reinterpret_cast<cudaGraph_t>(new emulated_graph(std::move(graph)));
}
emulated_graph* graph_of(void* handle) { return static_cast<emulated_graph*>(handle); }

}  // namespace

extern "C" {

int cudaemu_live_graphs() { return live_graphs; }

cudaError_t cudaStreamBeginCapture(cudaStream_t s, cudaStreamCaptureMode) {
  ENTER(cudaStreamBeginCapture);
  if (!S(s) || !known(s) || capture.stream != nullptr) return fail(cudaErrorStreamCaptureUnsupported);
  drain(S(s));
  capture = {s, false, {}};
  return cudaSuccess;
}
cudaError_t cudaStreamEndCapture(cudaStream_t s, cudaGraph_t* graph) {
  *graph = nullptr;
  auto ended = captured(s) ? std::exchange(capture, {}) : emulated_capture();  // also when the call is to fail
  ENTER(cudaStreamEndCapture);
  if (ended.stream == nullptr) return fail(cudaErrorIllegalState);
  if (ended.spoilt) return fail(cudaErrorStreamCaptureInvalidated);
  *graph = handle_of(std::move(ended.graph));
  return cudaSuccess;
}
cudaError_t cudaStreamIsCapturing(cudaStream_t s, cudaStreamCaptureStatus* status) {
  ENTER(cudaStreamIsCapturing);
  if (capture.stream != nullptr && !S(s)) return fail(cudaErrorStreamCaptureImplicit);
  *status = !captured(s)     ? cudaStreamCaptureStatusNone
            : capture.spoilt ? cudaStreamCaptureStatusInvalidated
                             : cudaStreamCaptureStatusActive;
  return cudaSuccess;
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* made, cudaGraph_t graph, unsigned long long) {
  ENTER(cudaGraphInstantiate);
  *made = reinterpret_cast<cudaGraphExec_t>(handle_of(*graph_of(graph)));
  return cudaSuccess;
}
cudaError_t cudaGraphLaunch(cudaGraphExec_t graph, cudaStream_t s) {
  ENTER(cudaGraphLaunch);
  for (const auto& f : graph_of(graph)->work) submit(s, f);
  return cudaSuccess;
}
cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  ENTER(cudaGraphDestroy);
  --live_graphs;
  delete graph_of(graph);
  return cudaSuccess;
}
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t graph) {
  ENTER(cudaGraphExecDestroy);
  --live_graphs;
  delete graph_of(graph);
  return cudaSuccess;
}

cudaError_t __cudaLaunchKernel(cudaKernel_t k, dim3 grid, dim3 block, void** args, size_t shared, cudaStream_t s) {
  return queue(s, [&] { return plain___cudaLaunchKernel(k, grid, block, args, shared, s); });
}
cudaError_t cudaLaunchKernel(const void* f, dim3 grid, dim3 block, void** args, size_t shared, cudaStream_t s) {
  return queue(s, [&] { return plain_cudaLaunchKernel(f, grid, block, args, shared, s); });
}
cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* c, const void* f, void** args) {
  return queue(c->stream, [&] { return plain_cudaLaunchKernelExC(c, f, args); });
}
cudaError_t cudaMemsetAsync(void* to, int value, size_t bytes, cudaStream_t s) {
  return queue(s, [&] { return plain_cudaMemsetAsync(to, value, bytes, s); });
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind, cudaStream_t s) {
  const bool pageable = mem().find((u64)to) == nullptr || mem().find((u64)from) == nullptr;
  return outside(captured(s) && pageable,
                 [&] { return queue(s, [&] { return plain_cudaMemcpyAsync(to, from, bytes, kind, s); }); });
}
cudaError_t cudaEventRecord(cudaEvent_t e, cudaStream_t s) {
  return queue(s, [&] { return plain_cudaEventRecord(e, s); });
}
cudaError_t cudaMallocAsync(void** p, size_t bytes, cudaStream_t s) {
  return outside(captured(s), [&] { return plain_cudaMallocAsync(p, bytes, s); });
}
cudaError_t cudaFreeAsync(void* p, cudaStream_t s) {
  return outside(captured(s), [&] { return plain_cudaFreeAsync(p, s); });
}
cudaError_t cudaMalloc(void** p, size_t bytes) {
  return outside(capture.stream != nullptr, [&] { return plain_cudaMalloc(p, bytes); });
}
cudaError_t cudaFree(void* p) {
  return outside(capture.stream != nullptr, [&] { return plain_cudaFree(p); });
}
cudaError_t cudaMemcpy(void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
  return outside(capture.stream != nullptr, [&] { return plain_cudaMemcpy(to, from, bytes, kind); });
}
cudaError_t cudaStreamSynchronize(cudaStream_t s) {
  return outside(captured(s), [&] { return plain_cudaStreamSynchronize(s); });
}
cudaError_t cudaDeviceSynchronize() {
  return outside(capture.stream != nullptr, [&] { return plain_cudaDeviceSynchronize(); });
}

}  // extern "C"
