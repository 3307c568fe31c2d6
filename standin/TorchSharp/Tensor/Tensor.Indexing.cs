using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => Set(value, i1);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => Get(i1, i2);
            set => Set(value, i1, i2);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => Get(i1, i2, i3);
            set => Set(value, i1, i2, i3);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => Get(i1, i2, i3, i4);
            set => Set(value, i1, i2, i3, i4);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var (view, tensors) = View(indices);
            return tensors.Length == 0 ? view : Consumed(view, v => Aten.Call("index.Tensor", v, Argument.Optional(tensors)));
        }

        public Tensor index(params Tensor[] indices) => index(Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            var (view, tensors) = View(indices);
            using (view)
            {
                if (tensors.Length == 0)
                    Aten.Update("copy_", view, value);
                else
                    Aten.Update("index_put_", view, Argument.Optional(tensors), value);
            }
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor select(long dim, long index) => Aten.Call("select.int", this, dim, index);
        public Tensor narrow(long dim, long start, long length) => Aten.Call("narrow", this, dim, start, length);
        public Tensor slice(long dim, long start, long finish, long step) => Aten.Call("slice.Tensor", this, dim, start, finish, step);
        public Tensor index_select(long dim, Tensor index) => Aten.Call("index_select", this, dim, index);
        public Tensor gather(long dim, Tensor index) => Aten.Call("gather", this, dim, index);
        public Tensor masked_select(Tensor mask) => Aten.Call("masked_select", this, mask);
        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.Call("masked_fill.Scalar", this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Aten.Update("masked_fill_.Scalar", this, mask, value);
        public Tensor where(Tensor condition, Tensor y) => Aten.Call("where.self", condition, this, y);
        public Tensor nonzero() => Aten.Call("nonzero", this);

        /// <summary>Applies all but the tensors among the indices; those are returned at their dimensions.</summary>
        private (Tensor view, Tensor[] tensors) View(TensorIndex[] indices)
        {
            Tensor view = alias();
            var tensors = new List<Tensor>();
            long dimension = 0;
            for (int i = 0; i < indices.Length; i++)
            {
                TensorIndex index = indices[i];
                long at = dimension;
                switch (index.Kind)
                {
                    case TensorIndex.Form.Single:
                        view = Consumed(view, v => v.select(at, index.Start.Value));
                        break;
                    case TensorIndex.Form.Slice:
                        view = Consumed(view, v => Aten.Call("slice.Tensor", v, at, index.Start, index.Stop, index.Step ?? 1));
                        dimension++;
                        break;
                    case TensorIndex.Form.None:
                        view = Consumed(view, v => v.unsqueeze(at));
                        dimension++;
                        break;
                    case TensorIndex.Form.Ellipsis:
                        int consuming = indices.Skip(i + 1).Count(later => later.Kind != TensorIndex.Form.None);
                        dimension = view.ndim - consuming;
                        break;
                    case TensorIndex.Form.Tensor:
                        while (tensors.Count < dimension)
                            tensors.Add(null);
                        tensors.Add(index.Chosen);
                        dimension += index.Chosen.dtype is ScalarType.Bool or ScalarType.Byte ? index.Chosen.ndim : 1;
                        break;
                    default:
                        throw new NotSupportedException($"An index of kind {index.Kind}.");
                }
            }
            return (view, tensors.ToArray());
        }

        private Tensor Get(params TensorIndex[] indices) => index(indices);

        private void Set(Tensor value, params TensorIndex[] indices) => index_put_(value, indices);

        private static Tensor Consumed(Tensor source, Func<Tensor, Tensor> view)
        {
            using (source)
                return view(source);
        }
    }
}
