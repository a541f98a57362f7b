// What the stand-ins for a GPU's runtime, c10 and libxsched have in common: they write down what is
// called, they know what is alive, and any one call can be told to fail.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace fake {

inline std::vector<std::string> journal;
// The call that fails, by its journal line without arguments.
inline std::string failing;
// What libxsched made and did not destroy.
inline std::set<std::string> alive;
// The driver's streams that were made and not destroyed.
inline std::set<void *> streams;

inline int current_device = 0;
inline void *current_stream = nullptr; // of every device, on the one thread there is

// Notes a call; false if it is to fail.
inline bool call(const std::string &name, const std::string &arguments = "") {
    journal.push_back(arguments.empty() ? name : name + " " + arguments);
    return name != failing;
}

} // namespace fake
