// Asio's and Beast's own functions, compiled once.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
