using WpAsis.Billing.Tests;
using Xunit.Sdk;
using Xunit.v3;

// One database, one virtual host, one clock: tests run one after another and each makes its own customers.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(BillingApplication))]
