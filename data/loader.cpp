#include "data/loader.hpp"

#include "core/interrupt.hpp"
#include "core/threads.hpp"

#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>

#include <ATen/ops/empty.h>

namespace kaziranga::data {
namespace {

/// A batch that is not complete yet. Image k is stored in row k of `images`. Empty rows are removed at the end.
struct Making {
    at::Tensor images;  ///< [requests, H, W, 3]; allocated when the first image is loaded, because its size is needed
    std::vector<bool> loaded;
    std::vector<std::optional<core::Problem>> problems;
    std::vector<std::exception_ptr> exceptions;
    int64_t missing = 0;

    explicit Making(int64_t requests)
        : loaded(static_cast<size_t>(requests)),
          problems(static_cast<size_t>(requests)),
          exceptions(static_cast<size_t>(requests)),
          missing(requests) {}
};

size_t image_bytes(const at::Tensor& images) {
    return static_cast<size_t>(images.size(1) * images.size(2) * images.size(3));
}

uint8_t* row(const at::Tensor& images, int64_t k) {
    return images.mutable_data_ptr<uint8_t>() + static_cast<size_t>(k) * image_bytes(images);
}

Batch finish(Making& making, int64_t first_request) {
    Batch batch;
    int64_t kept = 0;
    for (size_t k = 0; k < making.loaded.size(); ++k) {
        const int64_t request = first_request + static_cast<int64_t>(k);
        if (making.exceptions[k]) std::rethrow_exception(making.exceptions[k]);
        if (making.problems[k]) batch.failed.emplace_back(request, std::move(*making.problems[k]));
        if (!making.loaded[k]) continue;
        if (kept != static_cast<int64_t>(k)) {
            std::memcpy(row(making.images, kept), row(making.images, static_cast<int64_t>(k)),
                        image_bytes(making.images));
        }
        batch.positions.push_back(request);
        ++kept;
    }
    const at::Tensor rows = kept > 0 ? making.images.narrow(0, 0, kept) : at::empty({0, 0, 0, 3}, at::kByte);
    batch.images = rows.permute({0, 3, 1, 2});
    return batch;
}

}  // namespace

struct Loader::Shared {
    const int64_t requests, batch_size, ahead;
    const Load load;
    const c10::TensorOptions memory;

    std::mutex guard;
    std::condition_variable work_ready, batch_ready;
    std::vector<std::unique_ptr<Making>> slots;  ///< batch b is assembled in slot b % ahead
    int64_t next_request = 0;                    ///< the next request for a thread
    int64_t handed_out = 0;                      ///< number of returned batches
    bool stopped = false;
    std::vector<std::jthread> threads;

    Shared(int64_t requests_, int64_t batch_size_, int64_t ahead_, Load load_, c10::TensorOptions memory_)
        : requests(requests_), batch_size(batch_size_), ahead(ahead_), load(std::move(load_)), memory(memory_) {
        slots.resize(static_cast<size_t>(ahead));
    }

    ~Shared() {
        {
            const std::lock_guard lock(guard);
            stopped = true;
        }
        work_ready.notify_all();
        threads.clear();
    }

    std::unique_ptr<Making>& slot(int64_t batch) { return slots[static_cast<size_t>(batch % ahead)]; }
    int64_t size_of(int64_t batch) const { return std::min(batch_size, requests - batch * batch_size); }
    bool work_waits() const { return next_request < requests && next_request / batch_size < handed_out + ahead; }

    void work() {
        std::unique_lock lock(guard);
        for (;;) {
            work_ready.wait(lock, [&] { return stopped || next_request == requests || work_waits(); });
            if (stopped || next_request == requests) return;
            const int64_t request = next_request++;
            const int64_t batch = request / batch_size;
            if (request % batch_size == 0) slot(batch) = std::make_unique<Making>(size_of(batch));
            Making& making = *slot(batch);
            lock.unlock();
            answer(making, request, request % batch_size);
            lock.lock();
            // On an interrupt, next() must wake up after any image, too.
            if (--making.missing == 0 || core::interrupt_requested()) batch_ready.notify_all();
        }
    }

    void answer(Making& making, int64_t request, int64_t k) {
        const auto at = static_cast<size_t>(k);
        try {
            store(making, k, load(request));
        } catch (const core::Error& error) {
            making.problems[at] = error.problems().front();
        } catch (...) {
            making.exceptions[at] = std::current_exception();
        }
    }

    void store(Making& making, int64_t k, const at::Tensor& image) {
        TORCH_CHECK(image.dim() == 3 && image.size(0) == 3 && image.scalar_type() == at::kByte,
                    "Load must return [3, H, W] uint8");
        const at::Tensor pixels = image.permute({1, 2, 0}).contiguous();
        {
            const std::lock_guard lock(guard);
            if (!making.images.defined()) {
                making.images =
                    at::empty({static_cast<int64_t>(making.loaded.size()), pixels.size(0), pixels.size(1), 3}, memory);
            }
            making.loaded[static_cast<size_t>(k)] = true;
        }
        TORCH_CHECK(pixels.size(0) == making.images.size(1) && pixels.size(1) == making.images.size(2),
                    "Load must return images of one size");
        std::memcpy(row(making.images, k), pixels.const_data_ptr<uint8_t>(), image_bytes(making.images));
    }
};

Loader::Loader(int64_t requests, int64_t batch_size, int64_t workers, int64_t ahead, Load load,
               c10::TensorOptions memory) {
    TORCH_CHECK(requests >= 0 && batch_size > 0 && ahead > 0, "Loader: impossible sizes");
    shared_ = std::make_unique<Shared>(requests, batch_size, ahead, std::move(load), memory);
    if (workers <= 0) workers = core::available_processors();
    for (int64_t i = 0; i < std::min(workers, requests); ++i) {
        shared_->threads.emplace_back([shared = shared_.get()] { shared->work(); });
    }
}

Loader::~Loader() = default;

std::optional<Batch> Loader::next() {
    Shared& shared = *shared_;
    const int64_t batch = shared.handed_out;
    if (batch * shared.batch_size >= shared.requests) return std::nullopt;
    std::unique_ptr<Making> making;
    {
        std::unique_lock lock(shared.guard);
        shared.batch_ready.wait(lock, [&] {
            const auto& slot = shared.slot(batch);
            return core::interrupt_requested() || (slot && slot->missing == 0);
        });
        core::throw_if_interrupted();
        making = std::move(shared.slot(batch));
        ++shared.handed_out;
    }
    shared.work_ready.notify_all();
    return finish(*making, batch * shared.batch_size);
}

}  // namespace kaziranga::data
