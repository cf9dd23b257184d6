using WpAsis.DataSubjectRequest.Tests;
using Xunit.Sdk;
using Xunit.v3;

// One database and one clock: tests run one after another.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(DataSubjectRequestApplication))]

// One clock for all: a test that moves it by a day would end the proof that another has just given.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
