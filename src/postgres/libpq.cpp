#define ROOST_LIBPQ_TABLE_ONLY // here the names are the library's own
#include "postgres/libpq.h"

#include <type_traits>

#include <dlfcn.h>

namespace Roost {

namespace {

LibPq load()
{
    LibPq functions;
    void *library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        return functions;
    }
    bool isComplete = true;
    const auto find = [library, &isComplete](auto &function, const char *name) {
        function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library, name));
        isComplete = isComplete && function;
    };
#define ROOST_LIBPQ_FIND(name) find(functions.name, #name);
    ROOST_LIBPQ_FUNCTIONS(ROOST_LIBPQ_FIND)
#undef ROOST_LIBPQ_FIND
    functions.isLoaded = isComplete;
    return functions;
}

} // namespace

const LibPq &libPq()
{
    static const LibPq functions = load();
    return functions;
}

} // namespace Roost
