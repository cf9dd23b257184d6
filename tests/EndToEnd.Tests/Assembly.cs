using WpAsis.EndToEnd.Tests;
using WpAsis.EndToEnd.Tests.Browsing;
using Xunit.Sdk;
using Xunit.v3;

// One system, one clock, one machine: what one test stops or moves, the next one would feel.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: TestCollectionOrderer(typeof(LastThingsLast))]
[assembly: AssemblyFixture(typeof(RunningSystem))]
[assembly: AssemblyFixture(typeof(Chrome))]
