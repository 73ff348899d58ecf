using System.Runtime.ExceptionServices;
using Littlebox.Images.Tests.Tools;
using Littlebox.Images.Unpack;
using Littlebox.Linux;

namespace Littlebox.Images.Tests;

/// <summary>What only root may set: owners, devices, file capabilities, and a disk of its own to fill.</summary>
public sealed class RootOnlyTests : IDisposable
{
    private readonly Workspace workspace = new();

    public RootOnlyTests() => Assert.SkipUnless(Workspace.IsRoot, "only root may set owners, make devices and mount a disk to fill");

    public void Dispose() => workspace.Dispose();

    [Theory]
    [InlineData("--format=gnu")]
    [InlineData("--format=posix --xattrs --xattrs-include=*")]
    public void Owners_devices_and_capabilities_come_back_as_GNU_tar_brings_them_back(string options)
    {
        workspace.Shell("""
            mkdir -p tree/dev tree/home/someone tree/bin; cd tree
            mknod dev/null c 1 3; mknod dev/loop b 7 130; mknod dev/large c 511 262143; mkfifo dev/pipe; chmod 666 dev/null; chmod 600 dev/loop
            cp /bin/true bin/ping; cp /bin/true bin/su; cp /bin/true bin/large-owner
            chown 1000:1001 home/someone dev/null dev/pipe; ln -s x home/link; chown -h 12:34 home/link; chown 3000000:4000000000 bin/large-owner
            chown 5:6 bin/su; chmod 6755 bin/su; ln bin/su bin/su-again
            touch -h -d @1500000000 dev/* home/link bin/*; touch -d @1500000001 home/someone home dev bin .
            """);
        using (Descriptor bin = Workspace.Open(workspace.At("tree/bin")))
        using (Descriptor ping = Kernel.OpenAt2(bin.Number, "ping", OpenFlags.ReadOnly))
        {
            // cap_net_raw+ep, as setcap(8) writes it: struct vfs_cap_data, revision 2.
            byte[] capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            Assert.True(KernelBytes.TrySetAttribute(ping.Number, "security.capability"u8, capability) >= 0);
            Assert.True(KernelBytes.TrySetAttribute(ping.Number, "trusted.mark"u8, "x"u8) >= 0);
            Assert.True(KernelBytes.TrySetAttributeAt(bin.Number, "../home/link"u8, "trusted.on-link"u8, "y"u8) >= 0);
        }
        workspace.Shell($"tar -C tree {options} -cf tree.tar .; mkdir theirs; tar -C theirs --xattrs --xattrs-include='*' --same-owner -xpf tree.tar");
        using (FileStream archive = File.OpenRead(workspace.At("tree.tar")))
        {
            UnpackResult result = workspace.Unpack(archive, "ours");
            Assert.Equal((0, 0, true), (result.SkippedDevices, result.SkippedAttributes, result.OwnersSet));
            Assert.Empty(result.Notices());
        }
        Assert.Equal(TreeManifest.Of(workspace.At("theirs")), TreeManifest.Of(workspace.At("ours")));
        if (options.Contains("xattrs")) Assert.Equal(TreeManifest.Of(workspace.At("tree")), TreeManifest.Of(workspace.At("ours")));
    }

    [Fact]
    public void Attributes_of_overlayfs_are_left_out_and_counted()
    {
        byte[] archive = new TarWriter().Pax(("SCHILY.xattr.trusted.overlay.opaque", "y"), ("SCHILY.xattr.trusted.kept", "z")).Directory("a").End();
        UnpackResult result = workspace.Unpack(new MemoryStream(archive));
        Assert.Equal(1, result.SkippedAttributes);
        Assert.Contains("trusted.kept=7A", TreeManifest.Of(workspace.At("root"))[1]);
        Assert.DoesNotContain("overlay", TreeManifest.Of(workspace.At("root"))[1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_full_disk_is_an_error_that_says_so_and_leaves_no_part_behind(bool isDefault) => OnSmallDisk(base_ =>
    {
        string archive = workspace.Write("large.tar", new TarWriter().Entry("usr/large", '0', data: new byte[3 << 20]).End());
        var store = new RootStore(base_);
        var error = Assert.Throws<LittleboxException>(() => isDefault ? store.PrepareDefault() : store.Prepare(archive));
        Assert.Contains("no space is left on the disk", error.Message);
        Assert.Contains("ENOSPC", error.Details[0]);
        Assert.Empty(Directory.GetFileSystemEntries($"{base_}/roots"));
    });

    // A thread of its own in a mount namespace of its own: no other sees the disk, and it goes with the thread.
    private void OnSmallDisk(Action<string> test)
    {
        string disk = workspace.MakeDirectory("disk");
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Kernel.Unshare(NamespaceFlags.Mount);
                Kernel.Mount(null, "/", null, MountFlags.Private | MountFlags.Recursive);
                Kernel.Mount("none", disk, "tmpfs", MountFlags.None, "size=1m,mode=700");
                test(disk);
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
