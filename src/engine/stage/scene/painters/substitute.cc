#include "engine/stage/plan.h"

namespace troupe::stage {

Environment substitute_environment(Environment wanted) {
  switch (wanted) {
    case Environment::city_street:
    case Environment::forest:
    case Environment::park:
    case Environment::beach:
    case Environment::snow:
    case Environment::studio:
    case Environment::ballroom:
    case Environment::cafe:
    case Environment::cliff:
    case Environment::ocean:
      return wanted;
    case Environment::desert:
      return Environment::beach;
    case Environment::mountain:
      return Environment::snow;
    case Environment::road:
    case Environment::stadium:
      return Environment::city_street;
    case Environment::graveyard:
      return Environment::forest;
    case Environment::candy:
    case Environment::sky:
      return Environment::park;
    case Environment::room:
      return Environment::cafe;
    case Environment::space:
    case Environment::underwater:
      return Environment::studio;
  }
  return Environment::park;
}

}  // namespace troupe::stage
