using WpAsis.DataSubjectRequest.Tests;
using Xunit.Sdk;
using Xunit.v3;

// One database and one clock: tests run one after another.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(DataSubjectRequestApplication))]
