using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Tests.KeyRings;
using SubjectVault = WpAsis.Privacy.Vault.Vault;

namespace WpAsis.Privacy.Tests.Sealing;

public sealed class DataKeyTests : IDisposable
{
    private static readonly SealedColumn Name = new("identity", "account", "name");
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Whatever_text_is_sealed_unseals_as_it_was() =>
        Gen
            .Byte.Array[0, 500]
            .Sample(bytes =>
            {
                var text = Encoding.UTF8.GetString(bytes);
                var key = NewKey(DataSubjectId.New());

                var value = key.Seal(Name, text);

                key.Unseal(Name, SealedText.FromBytes(value.ToBytes())).ShouldBe(text);
                key.UnsealBytes(Name, key.SealBytes(Name, bytes)).ShouldBe(bytes);
            });

    [Fact]
    public void A_sealed_value_names_its_owner_and_shows_nothing_else()
    {
        var subject = DataSubjectId.New();
        var key = NewKey(subject);
        var value = key.Seal(Name, "Ayşe Yılmaz");

        value.Subject.ShouldBe(subject);
        value.Tenant.ShouldBeNull();
        value.ToString().ShouldBe("sealed");
        value.ToBytes().AsSpan().IndexOf("Ay"u8).ShouldBe(-1);
        value.ShouldBe(SealedText.FromBytes(value.ToBytes()));
        value.GetHashCode().ShouldBe(SealedText.FromBytes(value.ToBytes()).GetHashCode());
        value.ShouldNotBe(key.Seal(Name, "Ayşe Yılmaz"));
        key.ToString().ShouldBe("key of a Subject");
    }

    [Fact]
    public void A_value_that_was_moved_to_another_column_table_service_or_owner_does_not_unseal()
    {
        var key = NewKey(DataSubjectId.New());
        var value = key.Seal(Name, "Ayşe");

        Should.Throw<CryptographicException>(() => key.Unseal(Name with { Column = "email" }, value));
        Should.Throw<CryptographicException>(() => key.Unseal(Name with { Table = "invitation" }, value));
        Should.Throw<CryptographicException>(() => key.Unseal(Name with { Service = "billing" }, value));
        Should.Throw<CryptographicException>(() => key.Unseal(new("identity", "accountn", "ame"), value));
        Should.Throw<CryptographicException>(() => NewKey(DataSubjectId.New()).Unseal(Name, value));
    }

    [Fact]
    public void A_value_whose_owner_was_rewritten_does_not_unseal_even_under_the_same_key()
    {
        var bytes = RandomNumberGenerator.GetBytes(32);
        var mine = new DataKey(SealedFor.Subject, TypedId.RandomGuid(), bytes);
        var other = new DataKey(SealedFor.Subject, TypedId.RandomGuid(), bytes);
        var tenant = new DataKey(SealedFor.Tenant, mine.Owner, bytes);
        var rewritten = mine.Seal(Name, "Ayşe").ToBytes();
        _ = other.Owner.TryWriteBytes(rewritten.AsSpan(2), bigEndian: true, out _);
        var asTenant = mine.Seal(Name, "Ayşe").ToBytes();
        asTenant[1] = (byte)SealedFor.Tenant;

        Should.Throw<CryptographicException>(() => other.Unseal(Name, SealedText.FromBytes(rewritten)));
        Should.Throw<CryptographicException>(() => tenant.Unseal(Name, SealedText.FromBytes(asTenant)));
    }

    [Fact]
    public void A_value_of_which_any_byte_was_changed_does_not_unseal()
    {
        var key = NewKey(DataSubjectId.New());
        var bytes = key.Seal(Name, "Ayşe").ToBytes();

        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 0x80;
            Should.Throw<CryptographicException>(() => key.Unseal(Name, SealedText.FromBytes(changed)));
        }
    }

    [Fact]
    public void A_column_that_does_not_hold_a_sealed_value_is_refused()
    {
        Should.Throw<CryptographicException>(() => SealedText.FromBytes([]));
        Should.Throw<CryptographicException>(() => SealedText.FromBytes(new byte[100]));
        Should.Throw<CryptographicException>(() => SealedText.FromBytes("Ayşe Yılmaz, in clear, as it must never stand here"u8.ToArray()));
        Should.Throw<CryptographicException>(() => SealedText.FromBytes(NewKey(DataSubjectId.New()).Seal(Name, "").ToBytes()[..^1]));
    }

    [Fact]
    public void A_key_wrapped_for_one_service_does_not_unwrap_in_another()
    {
        var ring = new FileKeyRing(folder.Path, new FakeTimeProvider());
        var subject = DataSubjectId.New();
        var wrapped = new SubjectVault(ring, new FakeTimeProvider(), "identity").NewWrappedKey(subject);
        var value = wrapped.Key.Seal(Name, "Ayşe");

        var billing = new SubjectVault(ring, new FakeTimeProvider(), "billing");
        var identity = new SubjectVault(ring, new FakeTimeProvider(), "identity");

        Should.Throw<CryptographicException>(() => billing.Unwrap(subject, wrapped.Wrapped, wrapped.KekEpoch));
        Should.Throw<CryptographicException>(() => identity.Unwrap(DataSubjectId.New(), wrapped.Wrapped, wrapped.KekEpoch));
        identity.Unwrap(subject, wrapped.Wrapped, wrapped.KekEpoch).Unseal(Name, value).ShouldBe("Ayşe");
    }

    private static DataKey NewKey(DataSubjectId subject) => new(SealedFor.Subject, subject.Value, RandomNumberGenerator.GetBytes(32));
}
