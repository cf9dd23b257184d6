using Microsoft.Extensions.Time.Testing;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Tests.KeyRings;

namespace WpAsis.Privacy.Tests.Sealing;

public sealed class BlindIndexTests : IDisposable
{
    private const string Number = "905321234567";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_same_value_is_found_again_by_every_process()
    {
        var hash = Index("gateway").Of("wa_id", Number);

        hash.Length.ShouldBe(BlindIndex.HashBytes);
        Index("gateway").Of("wa_id", Number).ShouldBe(hash);
    }

    [Fact]
    public void Hashes_of_two_columns_services_customers_or_rings_do_not_match()
    {
        var a = new TenantId(TypedId.RandomGuid());
        var b = new TenantId(TypedId.RandomGuid());
        byte[][] hashes =
        [
            Index("gateway").Of("wa_id", Number),
            Index("gateway").Of("phone", Number),
            Index("identity").Of("wa_id", Number),
            Index("gateway").OfTenant("wa_id", a, Number),
            Index("gateway").OfTenant("wa_id", b, Number),
            Index("gateway").OfTenant("wa_id", new TenantId(Guid.Empty), Number),
            Index("gateway", "other").Of("wa_id", Number),
            Index("gateway").Of("wa_id", Number + "0"),
        ];

        hashes.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal).Count().ShouldBe(hashes.Length);
    }

    private BlindIndex Index(string service, string ring = "ring") =>
        new(new FileKeyRing(folder.Sub(ring), new FakeTimeProvider()), service);
}
